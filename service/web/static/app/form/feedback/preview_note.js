// Which fields the preview leaves blank or computes, counted as in the error summary.
import { control } from "../fields.js";
import { nameOf } from "./field_names.js";
import { byId, word } from "../../shared/page.js";
import { count, limitOf } from "../totals.js";

let left = []; // the errors whose fields the preview leaves out
let payload = {}; // of the form when the preview was made
let shown = []; // the errors in the summary
let waiting = []; // those that are shown once their field is left

/** The preview was made of a payload without the fields of these errors. */
export function previewMade(errors, made) {
  left = errors;
  payload = made;
  show();
}

/** The error summary has changed. */
export function faultsShown(faults, later) {
  shown = faults;
  waiting = later;
  show();
}

function show() {
  const place = byId("left-out");
  if (!place) return;
  const later = new Set(waiting.map(keyOf));
  const others = left.filter((error) => !later.has(keyOf(error)));
  const fields = unique([...(left.length ? shown : []), ...others].flatMap((error) => faultyFields(error, payload)));
  const listed = new Set(shown.map(keyOf));
  const counted = shown.length === fields.length && others.every((error) => listed.has(keyOf(error)));
  const parts = [
    named("preview_blank", fields.filter(({ pointer }) => !isComputed(pointer))),
    named("preview_computed", fields.filter(({ pointer }) => isComputed(pointer))),
  ].filter(Boolean).join(word("between_parts"));
  const text = parts && (counted ? word("preview_faults", { count: shown.length, parts }) : word("preview_without", { parts }));
  place.classList.toggle("hidden", !text); // hidden by class, so that changes are announced
  if (place.textContent !== text) place.textContent = text;
}

const keyOf = ({ pointer, code }) => `${pointer} ${code}`;

const unique = (fields) => [...new Map(fields.map((each) => [each.pointer, each])).values()];

const named = (key, fields) => fields.length && word(key, { labels: fields.map(nameOf).join(word("between")) });

/** Whether a field that is blank is computed from others. */
const isComputed = (pointer) => control(pointer)?.dataset.computed !== undefined;

/** The fields to omit for an error: of texts too long together, those beyond the limit. */
export function faultyFields(error, data) {
  const limit = limitOf(error);
  if (!limit) return [error];
  let sum = 0;
  const over = limit.fields.filter((field) => {
    const here = count(String(data[field.slice(1)] ?? ""));
    if (sum + here <= limit.maximum) sum += here;
    else return true;
    return false;
  });
  return over.map((pointer) => ({ pointer, label: error.label }));
}
