// Converts field values by JSON Pointer to a payload and back.

import { chosen } from "./options.js";
import { page } from "../shared/page.js";

const OPTIONS = ["option", "options"];
const FULL_WIDTH = 0xfee0; // from the ASCII character
const DIGITS = `[0-9]{1,${page.digits}}`;
const INTEGER = new RegExp(`^-?${DIGITS}$`);
const NUMBER = new RegExp(`^-?${DIGITS}(\\.${DIGITS})?$`);

/** The text of a number in plain characters, as `schemas.characters.EXACT` has them. */
export const plainNumber = (text) => text
  .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - FULL_WIDTH))
  .replace(/[\u2010-\u2015\u2212]/g, "-").trim();

/** The JSON value of a text by `schemas.fields.aspects.Posted`; undefined if blank. */
export function typed(posts, text) {
  if (!text.trim()) return undefined;
  if (posts === "boolean") return text === "true";
  if (posts === "text" || posts === "digits") return text.replace(/\r\n?/g, "\n");
  const plain = plainNumber(text);
  if (posts === "integer" && INTEGER.test(plain)) return Number(plain);
  if (posts === "number" && NUMBER.test(plain)) return Number(plain);
  return plain;
}

/** The payload of `values` (Map of pointer to text); `tables` are the pointers of tables.
 *
 * `posts(pointer)` is what a field posts, `own(pointer)` the key of its option with own words.
 */
export function payloadOf(values, posts, own, tables) {
  const root = {};
  for (const [name, text] of values) {
    const above = name.slice(0, name.lastIndexOf("/"));
    const pointer = OPTIONS.includes(posts(above)) ? above : name;
    const kind = posts(pointer);
    const value = OPTIONS.includes(kind) ? chosen(values, pointer, kind === "options", own(pointer)) : typed(kind, text);
    if (value !== undefined) put(root, pointer.slice(1).split("/"), value, tables);
  }
  return root;
}

function put(root, keys, value, tables) {
  let here = root;
  let pointer = "";
  for (const key of keys.slice(0, -1)) {
    pointer += `/${key}`;
    if (Array.isArray(here)) while (here.length <= Number(key)) here.push({});
    here[key] ??= tables.includes(pointer) ? [] : {};
    here = here[key];
  }
  here[keys[keys.length - 1]] = value;
}

/** A copy of a payload without empty rows. */
export function compact(payload) {
  return JSON.parse(JSON.stringify(payload), (_, value) =>
    Array.isArray(value) ? value.filter((row) => row === null || typeof row !== "object" || Object.keys(row).length) : value);
}

/** The field values of a payload, as a Map of pointer to text. */
export function valuesOf(payload, above = "", values = new Map()) {
  for (const [key, value] of Object.entries(payload)) {
    const pointer = `${above}/${key}`;
    if (value !== null && typeof value === "object") valuesOf(value, pointer, values);
    else if (value !== null) values.set(pointer, String(value));
  }
  return values;
}

/** A copy of a payload without the values at `pointers`. */
export function without(payload, pointers) {
  const copy = structuredClone(payload);
  for (const pointer of pointers) {
    const keys = pointer.slice(1).split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop();
    const holder = keys.reduce((here, key) => here?.[key], copy);
    if (holder && typeof holder === "object") {
      if (Array.isArray(holder)) holder[last] = {};
      else delete holder[last];
    }
  }
  return copy;
}
