// The form on paper: long texts as paragraphs, which break over pages as text areas do not.
import { element } from "../shared/page.js";

/** @param {HTMLFormElement} form */
export function watchPrinting(form) {
  window.addEventListener("beforeprint", () => {
    for (const area of form.querySelectorAll("textarea")) area.after(element("div", { class: "printed" }, area.value));
  });
  window.addEventListener("afterprint", () => {
    for (const text of form.querySelectorAll(".printed")) text.remove();
  });
}
