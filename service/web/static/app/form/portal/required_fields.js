// What is blank of the fields that the page around the form requires; what its token requires, the service reports.
import { elementAt, isReadonly } from "../fields.js";
import { page, word } from "../../shared/page.js";

/** The errors of a payload, but for fields among the `known` errors. */
export function blankRequired(payload, known) {
  const reported = new Set(known.map(({ pointer }) => pointer));
  const found = (page.required ?? []).flatMap((pattern) => {
    const label = page.labels[pattern];
    return blanks(payload, pattern.slice(1).split("/"), "").map((pointer) => ({ pointer, label, code: "required", message: word("required") }));
  });
  return found.filter(({ pointer }) => !reported.has(pointer) && !isReadonly(elementAt(pointer)));
}

/** The pointers at which a value is blank along `keys`; of rows only those that are not blank. */
function blanks(value, keys, at) {
  const [key, ...rest] = keys;
  if (key === undefined) return isBlank(value) ? [at] : [];
  if (key !== "*") return blanks(value?.[key], rest, `${at}/${key}`);
  return (value ?? []).flatMap((row, number) => (isBlank(row) ? [] : blanks(row, rest, `${at}/${number}`)));
}

function isBlank(value) {
  if (Array.isArray(value)) return value.every(isBlank);
  return value === undefined || value === null || (typeof value === "object" && Object.values(value).every(isBlank));
}
