// Names of fields in lists: row and official label.
import { page, word } from "../../shared/page.js";

const ROW = /\/(\d+)(?=\/|$)/g;

/** {row, label} of an error: "第 4 行", or "" outside of rows, and the label of its field. */
export function named({ pointer, label, code }) {
  const own = code === "too_many_words" ? label : page.labels[pointer] ?? label;
  return { row: rowOf(pointer), label: own };
}

/** An error's field in one text. */
export function nameOf(error) {
  const { row, label } = named(error);
  return row ? `${row} ${label}` : label;
}

/** Describes a pointer that the form may not have, in words instead of the pointer. */
export function describeUnknown(pointer) {
  const keys = pointer.replace(ROW, "/*").slice(1).split("/");
  let known = keys.length;
  while (known && !page.labels[`/${keys.slice(0, known).join("/")}`]) known -= 1;
  const label = known ? page.labels[`/${keys.slice(0, known).join("/")}`] : "";
  const rest = known < keys.length ? `“${keys[known]}”` : "";
  return [known ? rowOf(pointer) : "", `${label}${rest}`].filter(Boolean).join(" ");
}

function rowOf(pointer) {
  return [...pointer.matchAll(ROW)].map(([, number]) => word("in_row", { number: Number(number) + 1 })).join(" ");
}
