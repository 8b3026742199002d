// Follows what is filled in: own words, sums, rows, delayed errors.
import { fieldEdited, rowsMoved, showPendingErrors, showWarning } from "./feedback/error_display.js";
import { form, makeNumberPlain } from "./fields.js";
import { openOwnWords } from "./options.js";
import { watchPrinting } from "./printing.js";
import { watchRows } from "./table_rows.js";
import { announceSums, showSums } from "./totals.js";
import { elementOf, word } from "../shared/page.js";

/** Shows what follows from the values: entries for own words, counts and sums. */
export function showDerived() {
  openOwnWords();
  showSums();
}

/** Calls `changed()` after each change of the form. */
export function watchForm(changed) {
  const edited = () => {
    showDerived();
    changed();
  };
  form.addEventListener("input", (event) => {
    fieldEdited(elementOf(event).closest("[data-kind]")?.id.slice(1) ?? "");
    edited();
  });
  form.addEventListener("change", (event) => {
    const typed = elementOf(event).value;
    const plain = makeNumberPlain(elementOf(event));
    if (!plain) return;
    edited();
    showWarning(elementOf(event).name, word("made_plain", { typed, plain }));
  });
  form.addEventListener("click", (event) => {
    if (elementOf(event).matches("[data-readonly] [type='checkbox']")) event.preventDefault();
  });
  // Delayed, so that new messages do not move a button while it is being clicked.
  form.addEventListener("focusout", (event) => {
    const { validity, ariaInvalid } = elementOf(event);
    if (validity?.badInput || ariaInvalid) changed(); // a part of a date is no input
    setTimeout(fieldLeft, 200);
  });
  form.addEventListener("keydown", (event) => {
    // Enter in a text field must not submit the form.
    if (event.key === "Enter" && elementOf(event).matches("input:not([type='file'])")) event.preventDefault();
  });
  watchPrinting(form);
  watchRows((table) => {
    if (table) rowsMoved(table);
    edited();
  });
}

function fieldLeft() {
  showPendingErrors();
  showSums();
  announceSums();
}
