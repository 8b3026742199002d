// Names of fields in lists: row and official label.
import { page, word } from "../../shared/page.js";

const ROW = /\/(\d+)(?=\/|$)/g;

/** {row, label, gloss} of an error: "第 4 行", or "" outside of rows, the label of its field and its English, "" without one. */
export function named({ pointer, label, code }) {
  const joint = code === "too_many_words" && page.limits.find(({ fields }) => fields.includes(pointer));
  const english = joint ? joint.name : page.glosses[pointer.replace(ROW, "/*")] ?? "";
  return { row: rowOf(pointer), label: joint ? label : page.labels[pointer] ?? label, gloss: page.lang === "en" ? english : "" };
}

/** The label of an error as the page's messages follow it, with its English in brackets. */
export const glossOf = (error) => (named(error).gloss ? ` (${named(error).gloss})` : "");

/** An error's field in one text. */
export function nameOf(error) {
  const { row, label, gloss } = named(error);
  return [row, gloss || label].filter(Boolean).join(" ");
}

/** The label of a field. */
export const labelOf = (pointer) => page.labels[pointer.replace(ROW, "/*")] ?? "";

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
