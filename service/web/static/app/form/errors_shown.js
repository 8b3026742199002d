// Errors and warnings beside their fields, and the list of errors above the form.
import { control } from "./fields.js";
import { named } from "./field_names.js";
import { byId, element, page, word } from "../shared/page.js";
import { limitOf, longest } from "./counts.js";

let errors = [];
let warnings = []; // of the validator, anew each time
let readings = []; // of a document that was read: until their field is edited
let listed = ""; // what the list above the form says
let waiting = null; // the pointer of the field being typed in: its new error waits until it is left

/** Takes the faults and warnings that the validator told. */
export function tell(faults, noticed) {
  errors = faults.map(placed);
  warnings = noticed;
  show();
}

/** An error with the field to mend, `at`, of texts that are too long together the longest, and all that it marks.
 *
 * `counted`: the count below each field tells it already.
 */
function placed(error) {
  const limit = limitOf(error);
  if (!limit) return { ...error, at: error.pointer, marks: [error.pointer], counted: false };
  return { ...error, at: longest(limit.fields), marks: limit.fields, counted: true };
}

/** Takes the warnings of a document that was read. */
export function tellReadings(found) {
  readings = found;
  show();
}

/** The person edits a field: what reading said of it is settled, and a new error of it waits. */
export function edited(pointer) {
  readings = readings.filter((warning) => warning.pointer !== pointer);
  waiting = control(pointer)?.hasAttribute("aria-invalid") ? null : pointer;
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

/** Leads to the list of errors: how many there are, the first at hand. */
export function leadToErrors() {
  settled();
  const summary = byId("summary");
  (summary.querySelector("a") ?? summary).focus({ preventScroll: true });
  summary.scrollIntoView({ block: "start" });
}

function show() {
  const told = errors.filter(({ marks }) => !marks.includes(waiting));
  const noticed = [...warnings, ...readings];
  for (const place of document.querySelectorAll(".field-errors")) {
    const pointer = place.id.slice(1);
    const faults = told.filter(({ marks }) => marks.includes(pointer));
    const lines = faults.filter(({ counted }) => !counted).map((error) => line("error", error, place));
    const notices = noticed.filter((warning) => warning.pointer === pointer).map((warning) => line("warning", warning, place));
    place.replaceChildren(...lines, ...notices);
    const found = control(pointer);
    if (faults.length) found?.setAttribute("aria-invalid", "true");
    else found?.removeAttribute("aria-invalid");
  }
  showSummary(told);
}

function line(kind, { message, place, text }, { dataset }) {
  const quoted = place && text ? ` ${word("name_text", { name: place, text: `“${text}”` })}` : "";
  const whose = dataset.whose ? [element("span", { class: "whose", lang: "zh-CN" }, `${dataset.whose}：`)] : [];
  return element("p", { class: kind }, element("span", { class: "hidden" }, word(kind)), ...whose, message + quoted);
}

function showSummary(faults) {
  // A link that is just being clicked must not be put anew under the pointer.
  const listing = JSON.stringify(faults);
  if (listing === listed) return;
  listed = listing;
  const summary = byId("summary");
  summary.hidden = faults.length === 0;
  byId("summary-title").textContent = word("errors_title", { count: faults.length });
  summary.querySelector("ul").replaceChildren(...faults.map((error) => element("li", {}, entry(error))));
}

function entry(error) {
  const { row, label } = named(error);
  const message = word("error_text", { gloss: page.glosses[error.label] ?? "", message: error.message });
  const text = [row && `${row} `, element("span", { lang: "zh-CN" }, label), message];
  const found = control(error.at);
  return found ? element("a", { href: `#${found.id}`, onclick: (event) => go(event, found) }, ...text) : element("span", {}, ...text);
}

function go(event, found) {
  event.preventDefault();
  lead(found);
}

/** Focuses an element and brings it, its label and its messages into sight. */
function lead(found) {
  found.focus({ preventScroll: true });
  const whole = found.closest(".row") ?? found.closest(".field, .indicator") ?? found;
  whole.scrollIntoView({ block: whole.offsetHeight > window.innerHeight / 2 ? "start" : "center" });
}
