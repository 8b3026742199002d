// What the page counts itself while one types: 字, money, points.
import { read } from "./fields.js";
import { byId, page, word } from "./page.js";

const COUNTED = new RegExp(page.counted, "gu");

/** The 字 of a text, as the service counts them. */
export const count = (text) => (text.match(COUNTED) ?? []).length;

/** Shows every count and sum of what the form holds. */
export function showSums() {
  const values = read();
  for (const place of document.querySelectorAll("[data-count]")) showCount(place, values);
  for (const place of document.querySelectorAll("[data-sum]")) place.textContent = money(amounts(values, place.dataset.sum));
  showScores(values);
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

function amounts(values, table) {
  const texts = [...values].filter(([name]) => name.startsWith(`${table}/`) && name.endsWith("/amount")).map(([, text]) => text);
  return texts.map((text) => text.normalize("NFKC").trim()).filter((text) => /^[0-9]{1,7}(\.[0-9]{1,2})?$/.test(text));
}

function money(texts) {
  const cents = texts.reduce((sum, text) => sum + Math.round(Number(text) * 100), 0);
  return (cents / 100).toFixed(2);
}

function showScores(values) {
  let whole = null;
  for (const place of document.querySelectorAll("[data-subtotal]")) place.textContent = points(values, `${place.dataset.subtotal}.`).text;
  for (const place of document.querySelectorAll("[data-scores]")) {
    whole = points(values, `${place.dataset.scores}/`);
    place.textContent = whole.text;
  }
  if (!whole) return;
  const others = [...document.querySelectorAll("input[data-kind='points']")].filter(({ name }) => name.split("/").length === 2);
  const bonus = others.map(({ value }) => value.normalize("NFKC").trim()).filter((text) => /^[0-9]{1,3}(\.[0-9]+)?$/.test(text));
  const all = byId("total-all");
  all.hidden = false;
  const given = whole.given || bonus.length > 0;
  all.querySelector("output").textContent = given ? bonus.reduce((sum, text) => sum + Number(text), whole.sum) : "—";
}

function points(values, start) {
  const given = [...values].filter(([name]) => name.startsWith(start)).map(([, text]) => text.normalize("NFKC").trim()).filter((text) => /^[0-9]{1,3}(\.[0-9]+)?$/.test(text));
  const sum = given.reduce((total, text) => total + Number(text), 0);
  return { sum, given: given.length > 0, text: given.length ? String(sum) : "—" };
}
