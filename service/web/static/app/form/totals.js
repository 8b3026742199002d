// Live counts and sums of the form: 字, money, points.
import { form, plainValue, read } from "./fields.js";
import { plainNumber } from "./payload.js";
import { announce, page, word } from "../shared/page.js";

const COUNTED = new RegExp(page.counted, "gu");
const NUMBER = /^[0-9]{1,15}(\.[0-9]{1,15})?$/;

let announced = ""; // the last announcement about omitted values

/** Counts 字 as the service does. */
export const count = (text) => (text.match(COUNTED) ?? []).length;

/** The 字 limit that an error concerns, if any. */
export function limitOf({ pointer, code }) {
  return code === "too_many_words" ? page.limits.find(({ fields }) => fields.includes(pointer)) : undefined;
}

/** The pointer of the longest of several texts. */
export function longest(pointers) {
  const values = read();
  const counts = pointers.map((pointer) => count(values.get(pointer) ?? ""));
  return pointers[counts.indexOf(Math.max(...counts))];
}

/** Updates all counts, sums and amounts in 元. */
export function showSums() {
  const values = read();
  for (const place of form.querySelectorAll("[data-count]")) showCount(place, values);
  for (const place of form.querySelectorAll(".sum output")) showSum(place);
  for (const place of form.querySelectorAll("[data-worth]")) showWorth(place);
}

/** Announces values omitted from a sum, once per change, when a field is left. */
export function announceSums() {
  const sums = [...form.querySelectorAll(".sum:has(.left-out:not(:empty))")].map((place) => place.textContent.trim().replace(/\s+/g, " "));
  const text = sums[0] ?? "";
  if (text === announced) return;
  announced = text;
  if (text) announce(text);
}

function showCount(place, values) {
  const pointer = place.dataset.count;
  const here = word("words_here", { count: count(values.get(pointer) ?? "") });
  const limit = page.limits.find(({ fields }) => fields.includes(pointer));
  if (!limit) {
    place.textContent = here;
    return;
  }
  const sum = limit.fields.reduce((total, field) => total + count(values.get(field) ?? ""), 0);
  const left = limit.maximum - sum;
  const joint = word("words_joint", { label: limit.name, count: sum, maximum: limit.maximum });
  const rest = left < 0 ? word("words_over", { over: -left }) : word("words_left", { left });
  place.textContent = `${here} · ${joint} · ${rest}`;
  place.classList.toggle("over", left < 0);
}

function showSum(place) {
  const fields = addends(place.dataset);
  const given = fields.filter(({ value }) => value.trim()).map(inSteps);
  const right = given.filter((steps) => steps !== null);
  const typing = fields.some((field) => field === document.activeElement && field.value.trim() && inSteps(field) === null);
  const sum = right.reduce((total, steps) => total + steps, 0) / (fields.length ? perUnit(fields[0]) : 1);
  if (typing) place.textContent = "—";
  else if ("sum" in place.dataset) place.textContent = sum.toFixed(fields.length ? decimals(fields[0]) : 0);
  else place.textContent = right.length ? String(sum) : "—";
  const left = typing ? 0 : given.length - right.length;
  place.parentElement.querySelector(".left-out").textContent = left ? word("sum_leaves_out", { count: left }) : "";
}

/** What an amount is in 元. */
function showWorth(place) {
  const text = plainNumber(plainValue(place.parentElement.querySelector("input")));
  const amount = NUMBER.test(text) ? (Number(text) * Number(place.dataset.worth)).toLocaleString("en-US", { maximumFractionDigits: 2 }) : "";
  place.textContent = amount && word("in_yuan", { amount });
}

/** The fields of a sum: a table's amounts, or the points of a category, of the sheet, of the whole form. */
function addends({ sum, subtotal, scores }) {
  const start = sum ? `${sum}/` : subtotal ? `${subtotal}.` : `${scores ?? ""}/`;
  const fields = form.querySelectorAll(`[data-adds="${sum ? "amounts" : "points"}"]`);
  return [...fields].filter(({ name }) => name.startsWith(start));
}

const decimals = ({ dataset }) => dataset.step.split(".")[1]?.length ?? 0;

const perUnit = ({ dataset }) => Math.round(1 / Number(dataset.step));

/** A field's value as a number of its steps; null if invalid. */
function inSteps(field) {
  const text = plainNumber(plainValue(field));
  const steps = Number(text) * perUnit(field);
  const whole = Math.round(steps);
  const right = NUMBER.test(text) && Math.abs(steps - whole) < 1e-6 && Number(text) <= Number(field.dataset.maximum);
  return right ? whole : null;
}
