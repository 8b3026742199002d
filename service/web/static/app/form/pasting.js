// What is pasted: cells into a table, and long texts, which are tidied. Each has a script that is loaded then.
import { elementOf } from "../shared/page.js";

/** `change(fill)` makes a change of the form that can be undone; `fill()` returns the notice {text, lost}. */
export function watchPaste(form, client, change) {
  form.addEventListener("paste", (event) => {
    const field = elementOf(event);
    const text = event.clipboardData.getData("text/plain");
    const row = field.closest("[data-rows] > .row, .matrix tbody tr");
    const long = field.matches("textarea");
    if (row && (long ? /\t/ : /[\t\r\n]/).test(text.replace(/[\r\n]+$/, ""))) {
      event.preventDefault();
      import("./pasted_cells.js").then(({ fillCells }) => change(() => fillCells(row, field, text)));
    } else if (long) {
      pastedText(field, client, change);
    }
  });
}

function pastedText(field, client, change) {
  const start = field.selectionStart;
  const done = async () => {
    const text = field.value.slice(start, field.selectionEnd);
    const { tidy } = await import("./tidied_text.js");
    await tidy(field, start, text, client, change);
  };
  field.addEventListener("input", done, { once: true });
}
