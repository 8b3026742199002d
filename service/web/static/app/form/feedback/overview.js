// The overview of the sections: what each lacks, which one is in use, and the way to the next fault.
import { elementAt, form } from "../fields.js";
import { byId, element, page, word } from "../../shared/page.js";

let last = form; // the field that had the focus last

const links = () => [...document.querySelectorAll(".overview a")];

const sectionOf = (link) => byId(decodeURIComponent(link.hash.slice(1))).closest("[data-section]");

/** Shows for each section how many faults it has, how many expected fields are blank, or that it is complete. */
export function showOverview(faults, missing) {
  const within = (section, found) => found.filter(({ at, pointer }) => section.contains(elementAt(at ?? pointer))).length;
  for (const link of links()) {
    const section = sectionOf(link);
    const [wrong, blank] = [within(section, faults), within(section, missing)];
    const state = link.querySelector(".state");
    state.className = `state${wrong ? " error" : ""}`;
    state.textContent = wrong ? word("section_faults", { count: wrong }) : blank ? word("section_blank", { count: blank }) : filled(section) ? "✓" : "";
  }
  const button = byId("next-fault");
  if (!button) return;
  button.hidden = !faults.length;
  button.replaceChildren(word("faults", { count: faults.length }), element("kbd", { "aria-hidden": "true" }, "F8"));
}

const filled = (section) => [...section.querySelectorAll("input:not([type='radio'], [type='checkbox'], [type='range']), textarea, :checked")].some(({ value }) => value.trim());

/** Marks the section in use, and goes to the next fault by its button or F8; `focus(element)` goes to a field. */
export function watchOverview(focus) {
  form.addEventListener("focusin", ({ target }) => {
    if (!target.closest("[data-section]")) return;
    last = target;
    if (page.steps) return; // the step in view is marked
    for (const link of links()) {
      if (sectionOf(link).contains(target)) mark(link);
      else link.removeAttribute("aria-current");
    }
  });
  for (const link of links()) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const section = sectionOf(link);
      document.dispatchEvent(new CustomEvent("kexie-reveal", { detail: section }));
      section.querySelector("input:not([type='hidden']), textarea").focus({ preventScroll: true });
      section.scrollIntoView({ block: "start" });
    });
  }
  byId("next-fault").addEventListener("click", () => next(focus));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    next(focus);
  });
}

/** Marks the link of the section in use, and brings it into view where the overview is one line. */
export function mark(link, kind = "true") {
  link.setAttribute("aria-current", kind);
  const list = link.closest("ol");
  list.scrollLeft += link.getBoundingClientRect().left - list.getBoundingClientRect().left;
}

function next(focus) {
  const wrong = [...form.querySelectorAll("[aria-invalid='true']")].map((found) => (found.matches("fieldset") ? found.querySelector("input") : found));
  const after = wrong.find((found) => last.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_FOLLOWING);
  const found = after ?? wrong[0];
  if (found) focus(found);
}
