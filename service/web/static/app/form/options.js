// Fields of options: one or several boxes, of which one may have own words behind it.
import { byId } from "../shared/page.js";

const form = byId("form");

/** The JSON value of the field of options at `pointer`; undefined if nothing is ticked.
 *
 * `values` are the form's by name, `several` whether it is a list, `own` the key of the option with own words.
 */
export function chosen(values, pointer, several, own) {
  const typed = own ? (values.get(`${pointer}/words`) ?? "") : "";
  const words = typed.trim() && typed;
  const names = several ? [...values.keys()].filter((name) => name.startsWith(`${pointer}/`) && name !== `${pointer}/words`) : [];
  const keys = several ? names.map((name) => name.slice(pointer.length + 1)) : [values.get(pointer)].filter(Boolean);
  const found = keys.map((key) => (key === own && words ? { key, words } : key));
  if (several) return found.length ? found : undefined;
  return found[0];
}

/** Ticks the boxes of a fieldset by `values`, as a form posts them or as a payload has them.
 *
 * Returns the names it `used`, and whether it `kept` all.
 */
export function tick(fieldset, values) {
  const pointer = fieldset.id.slice(1);
  const used = [...values.keys()].filter((name) => name === pointer || name.startsWith(`${pointer}/`));
  const keys = [];
  let own = "";
  for (const name of used) {
    const part = name.slice(pointer.length + 1).replace(/^\d+(\/|$)/, "");
    if (part === "words") own = values.get(name);
    else if (values.get(name)) keys.push(part === "" || part === "key" ? values.get(name) : part);
  }
  const kept = new Set();
  for (const box of fieldset.querySelectorAll("[type='radio'], [type='checkbox']")) {
    const key = box.type === "radio" ? box.value : box.name.slice(pointer.length + 1);
    box.checked = keys.includes(key);
    if (box.checked) kept.add(key);
  }
  const entry = fieldset.querySelector("[data-own]");
  if (entry) entry.value = own;
  return { used, kept: keys.every((key) => kept.has(key)) && (!own || entry !== null) };
}

/** Opens the entries for own words whose box is ticked, and closes the others. */
export function openOwnWords() {
  for (const entry of form.querySelectorAll("[data-own]")) {
    const box = entry.parentElement.querySelector("label input");
    entry.disabled = !box.checked;
  }
}

/** The key of the option of a fieldset that has own words, if any. */
export function ownKey(fieldset) {
  const box = fieldset.querySelector("[data-own]")?.parentElement.querySelector("label input");
  return box && (box.type === "radio" ? box.value : box.name.slice(fieldset.id.length));
}
