// What the page counts itself while one types: 字, money, points.
import { form, read } from "./fields.js";
import { announce, page, word } from "../shared/page.js";

const COUNTED = new RegExp(page.counted, "gu");
const NUMBER = /^[0-9]{1,15}(\.[0-9]{1,15})?$/;

let announced = ""; // what the sums leave out, as it was last said

/** The 字 of a text, as the service counts them. */
export const count = (text) => (text.match(COUNTED) ?? []).length;

/** The limit that an error is about, of one text or of several together; undefined where it is of another kind. */
export function limitOf({ pointer, code }) {
  return code === "too_many_words" ? page.limits.find(({ fields }) => fields.includes(pointer)) : undefined;
}

/** The pointer of the longest of several texts. */
export function longest(pointers) {
  const values = read();
  const counts = pointers.map((pointer) => count(values.get(pointer) ?? ""));
  return pointers[counts.indexOf(Math.max(...counts))];
}

/** Shows every count and sum of what the form holds. */
export function showSums() {
  const values = read();
  for (const place of form.querySelectorAll("[data-count]")) showCount(place, values);
  for (const place of form.querySelectorAll(".sum output")) showSum(place);
}

/** Says what a sum leaves out, once for each change of it: when the person leaves a field, not with each key. */
export function saySums() {
  const sums = [...form.querySelectorAll(".sum:has(.left-out:not(:empty))")].map((place) => place.textContent.trim().replace(/\s+/g, " "));
  const told = sums[0] ?? "";
  if (told === announced) return;
  announced = told;
  if (told) announce(told);
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
  const joint = word("words_joint", { label: limit.label, count: sum, maximum: limit.maximum });
  const rest = left < 0 ? word("words_over", { over: -left }) : word("words_left", { left });
  place.textContent = `${here} · ${joint} · ${rest}`;
  place.classList.toggle("over", left < 0);
}

function showSum(place) {
  const fields = addends(place.dataset);
  const given = fields.filter(({ value }) => value.trim()).map(inSteps);
  const right = given.filter((steps) => steps !== null);
  const sum = right.reduce((total, steps) => total + steps, 0) / (fields.length ? perUnit(fields[0]) : 1);
  if ("sum" in place.dataset) place.textContent = sum.toFixed(fields.length ? decimals(fields[0]) : 0);
  else place.textContent = right.length ? String(sum) : "—";
  const left = given.length - right.length;
  place.parentElement.querySelector(".left-out").textContent = left ? word("sum_leaves_out", { count: left }) : "";
}

/** The fields that a sum adds up: a table's amounts, the points of a category, of the sheet, of the whole form. */
function addends({ sum, subtotal, scores }) {
  const start = sum ? `${sum}/` : subtotal ? `${subtotal}.` : `${scores ?? ""}/`;
  const fields = form.querySelectorAll(`[data-kind="${sum ? "money" : "points"}"]`);
  return [...fields].filter(({ name }) => name.startsWith(start));
}

const decimals = ({ dataset }) => dataset.step.split(".")[1]?.length ?? 0;

const perUnit = ({ dataset }) => Math.round(1 / Number(dataset.step));

/** What stands in a field as a whole number of its steps; null where it is faulty. */
function inSteps(field) {
  const text = field.value.normalize("NFKC").trim();
  const steps = Number(text) * perUnit(field);
  const whole = Math.round(steps);
  const right = NUMBER.test(text) && Math.abs(steps - whole) < 1e-6 && Number(text) <= Number(field.dataset.maximum);
  return right ? whole : null;
}
