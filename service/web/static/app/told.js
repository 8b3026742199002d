// Errors and warnings beside their fields, and the list of errors above the form.
import { control, form } from "./fields.js";
import { byId, element, page, word } from "./page.js";

let errors = [];
let warnings = []; // of the validator, anew each time
let readings = []; // of a document that was read: until their field is edited
let listed = ""; // what the list above the form says
let waiting = null; // the pointer of the field being typed in: its new error waits until it is left

export const shownErrors = () => errors;

/** Takes the faults and warnings that the validator told. */
export function tell(faults, noticed) {
  errors = faults;
  warnings = noticed;
  show();
}

/** Takes the warnings of a document that was read. */
export function tellReadings(found) {
  readings = found;
  show();
}

/** The person edits a field: what reading said of it is settled, and a new error of it waits. */
export function edited(pointer) {
  readings = readings.filter((warning) => warning.pointer !== pointer);
  const told = byId(`e${pointer}`);
  waiting = told?.querySelector(".error") ? null : pointer;
}

/** Rows have moved: what reading said of that table stands at no certain row any more. */
export function moved(table) {
  readings = readings.filter((warning) => !warning.pointer.startsWith(`${table}/`));
}

/** The person leaves a field, or submits: nothing waits. */
export function settled() {
  waiting = null;
  show();
}

/** Leads to the first field that is faulty. */
export function focusFirst() {
  settled();
  const order = [...form.querySelectorAll("[data-kind]")];
  const faulty = errors.map(({ pointer }) => control(pointer)).filter(Boolean);
  const first = order.find((found) => faulty.includes(found)) ?? byId("summary");
  first.focus();
  first.scrollIntoView({ block: "center" });
}

function show() {
  const hidden = errors.filter(({ pointer }) => pointer !== waiting);
  for (const place of document.querySelectorAll(".told")) {
    const pointer = place.id.slice(1);
    const faults = hidden.filter((error) => error.pointer === pointer);
    const noticed = [...warnings, ...readings].filter((warning) => warning.pointer === pointer);
    place.replaceChildren(...faults.map((error) => line("error", error)), ...noticed.map((warning) => line("warning", warning)));
    const found = control(pointer);
    if (faults.length) found?.setAttribute("aria-invalid", "true");
    else found?.removeAttribute("aria-invalid");
  }
  showSummary(hidden);
}

function line(kind, { message, place, text }) {
  const quoted = place && text ? ` ${word("name_told", { name: place, text: `“${text}”` })}` : "";
  return element("p", { class: kind }, element("span", { class: "hidden" }, word(kind)), message + quoted);
}

function showSummary(faults) {
  // A link that is just being clicked must not be put anew under the pointer.
  const listing = JSON.stringify(faults);
  if (listing === listed) return;
  listed = listing;
  const summary = byId("summary");
  summary.hidden = faults.length === 0;
  byId("summary-title").textContent = word("errors_title", { count: faults.length });
  summary.querySelector("ul").replaceChildren(...faults.map((error) => {
    const text = [element("span", { lang: "zh-CN" }, error.label), word("error_told", { gloss: page.glosses[error.label] ?? "", message: error.message })];
    const found = control(error.pointer);
    return element("li", {}, found ? element("a", { href: `#${found.id}`, onclick: (event) => go(event, found) }, ...text) : element("span", {}, ...text));
  }));
}

function go(event, found) {
  event.preventDefault();
  found.focus();
  found.scrollIntoView({ block: "center" });
}
