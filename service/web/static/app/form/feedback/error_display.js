// Shows errors, warnings and remarks at their fields, and the error summary above the form.
import { control, elementAt, form } from "../fields.js";
import { glossOf, named } from "./field_names.js";
import { byId, element, page, word } from "../../shared/page.js";
import { showOverview } from "./overview.js";
import { faultsShown } from "./preview_note.js";
import { quoted, showReadings } from "./readings.js";
import { showRemarks } from "./remarks.js";
import { limitOf, longest } from "../totals.js";

let errors = [];
let remarks = { advice: [], missing: [] }; // of the last validation
let warnings = []; // of the last validation
let readings = []; // of a document that was read, until their field is edited or they are checked
let typed = []; // of what was typed, until their field is edited
let listed = ""; // the content of the error summary
let editing = null; // the pointer of the field being edited, whose warnings and advice are shown when it is left
const checked = new Set(); // the sections in which a check was asked for: only then what is required is a fault
let waiting = null; // the same if it has no errors yet: new ones are shown when it is left

/** Shows the errors and warnings of a validation, and its remarks {advice, missing} if it gave any. */
export function showErrors(faults, noticed, remarked = null) {
  errors = faults.map(withMarkedFields);
  warnings = noticed;
  remarks = remarked ?? remarks;
  show();
}

/** Adds the field to correct, `at` (of texts too long together the longest), and all fields to mark.
 *
 * `counted`: the count below each field shows it already.
 */
function withMarkedFields(error) {
  const limit = limitOf(error);
  if (!limit) return { ...error, at: error.pointer, marks: [error.pointer], counted: false };
  return { ...error, at: longest(limit.fields), marks: limit.fields, counted: true };
}

/** Shows the warnings of a document that was read. */
export function showReadingWarnings(found) {
  readings = found;
  show();
}

/** The warnings of a document that was read, without those settled. */
export const readingWarnings = () => readings;

/** Shows a warning of a field until it is edited. */
export function showWarning(pointer, message) {
  typed = [...typed, { pointer, message }];
  show();
}

/** A field is edited: drops its reading warnings and delays its new errors. */
export function fieldEdited(pointer) {
  [readings, typed] = [readings, typed].map((found) => found.filter((warning) => warning.pointer !== pointer));
  editing = pointer;
  waiting = control(pointer)?.hasAttribute("aria-invalid") ? null : pointer;
}

/** Rows have moved: drops the reading warnings of that table. */
export function rowsMoved(table) {
  [readings, typed] = [readings, typed].map((found) => found.filter(({ pointer }) => !pointer.startsWith(`${table}/`)));
}

/** A field is left, or the form submitted: shows delayed errors and advice. */
export function showPendingErrors() {
  if (document.activeElement !== control(editing)) editing = null; // another field may be edited already
  waiting = null;
  show();
}

/** A check was asked for, of one section or of all: shows what is required and blank there, too. */
export function showRequired(section = form) {
  for (const each of section.matches("[data-section]") ? [section] : section.querySelectorAll("[data-section]")) checked.add(each);
  showPendingErrors();
}

/** Focuses the first link of the error summary. */
export function focusErrorSummary() {
  showPendingErrors();
  const summary = byId("summary");
  (summary.querySelector("a") ?? summary).focus({ preventScroll: true });
  summary.scrollIntoView({ block: "start" });
}

function show() {
  const visible = errors.filter(({ marks, code, pointer }) => !marks.includes(waiting) && (code !== "required" || checked.has(elementAt(pointer)?.closest("[data-section]"))));
  const noticed = [...warnings.filter(({ pointer }) => pointer !== editing), ...readings, ...typed];
  const advice = remarks.advice.filter(({ pointer }) => pointer !== editing);
  const blank = remarks.missing.filter(({ pointer }) => !control(pointer)); // of a table: it has no mark
  for (const place of document.querySelectorAll(".field-errors")) {
    const pointer = place.id.slice(1);
    const faults = visible.filter(({ marks }) => marks.includes(pointer));
    const lines = faults.filter(({ counted }) => !counted).map((error) => line("error", error, place));
    const notices = noticed.filter((warning) => warning.pointer === pointer).map((warning) => line("warning", warning, place));
    const remarked = [...advice, ...blank].filter((each) => each.pointer === pointer).map((each) => line("advice", each, place));
    place.replaceChildren(...lines, ...notices, ...remarked);
    const found = control(pointer);
    if (faults.length) found?.setAttribute("aria-invalid", "true");
    else found?.removeAttribute("aria-invalid");
  }
  showSummary(visible);
  faultsShown(visible, errors.filter((error) => !visible.includes(error)));
  showOverview(visible, remarks.missing);
  showReadings(readings, focusField, settle);
  showRemarks({ advice, missing: remarks.missing }, visible.length, focusField);
}

/** A doubt about a document was checked. */
function settle(doubt) {
  readings = readings.filter((each) => each !== doubt);
  show();
  document.dispatchEvent(new Event("kexie-settled"));
}

function line(kind, found, { dataset }) {
  const whose = dataset.whose ? [element("span", { class: "whose", lang: dataset.whoseLang ?? page.lang }, `${dataset.whose}${word("colon")}`)] : [];
  return element("p", { class: kind }, element("span", { class: "hidden" }, word(kind)), ...whose, found.message + quoted(found));
}

function showSummary(faults) {
  // Do not rebuild a link while it is being clicked.
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
  const message = word("error_text", { gloss: glossOf(error), message: error.message });
  const text = [row && `${row} `, element("span", { lang: "zh-CN" }, label), message];
  const found = control(error.at);
  return found ? element("a", { href: `#${found.id}`, onclick: (event) => go(event, found) }, ...text) : element("span", {}, ...text);
}

function go(event, found) {
  event.preventDefault();
  focusField(found);
}

/** Focuses an element and scrolls its label and messages into view. */
export function focusField(found) {
  if (found.closest(".form-pane")?.hidden) {
    document.dispatchEvent(new CustomEvent("kexie-field", { detail: found })); // the review in its place leaves first
    return;
  }
  document.dispatchEvent(new CustomEvent("kexie-reveal", { detail: found })); // it may be in a step that is not in view
  found.focus({ preventScroll: true });
  const whole = found.closest(".row") ?? found.closest(".field, .indicator") ?? found;
  whole.scrollIntoView({ block: whole.offsetHeight > window.innerHeight / 2 ? "start" : "center" });
}
