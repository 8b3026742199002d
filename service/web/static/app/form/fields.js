// Reads and writes the form's fields.
import { byId } from "../shared/page.js";
import { ownKey, tick } from "./options.js";
import { payloadOf, plainNumber } from "./payload.js";
import { resize, tables } from "./table_rows.js";

export const form = byId("form");

/** The control of a pointer, or the fieldset of its radio buttons; null if missing. */
export const control = (pointer) => byId(`f${pointer}`);

const NUMERIC = ["integer", "number"];

const posts = (pointer) => control(pointer)?.dataset.posts ?? "text";

const kept = () => [...form.querySelectorAll("[data-kept]")];

/** The values of all fields by JSON Pointer, in the form's order; behind them what goes with them. */
export function read() {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    if (name.startsWith("/")) values.set(name, String(value).replaceAll("\r\n", "\n"));
  }
  for (const { name, value } of kept()) values.set(name, value);
  return values;
}

/** What was entered since the page came, by JSON Pointer. */
export function entered() {
  const changed = (each) => (["radio", "checkbox"].includes(each.type) ? each.checked !== each.defaultChecked : each.value !== each.defaultValue);
  const names = [...form.elements].filter(changed).map(({ name }) => name);
  return new Map([...read()].filter(([name]) => names.includes(name)));
}

/** The text of a control, of a number in plain characters and in its unit. */
export function plainValue({ dataset, value, parentElement }) {
  const number = NUMERIC.includes(dataset.posts) ? withoutUnit(plainNumber(value), dataset.unit) : value;
  return dataset.adds === "amounts" ? amountIn(worthIn(parentElement), number) : number;
}

/** Writes its plain text into a control of a number; returns that, "" if nothing has changed. */
export function makeNumberPlain(found) {
  const plain = plainValue(found);
  if (plain === found.value) return "";
  found.value = plain;
  return plain;
}

/** A number without the unit that its label says; other words behind it stay. */
const withoutUnit = (text, unit) => (unit && text.endsWith(unit) ? text.slice(0, -unit.length).trimEnd() : text);

const AMOUNT = /^[¥￥]?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?\s*(万元|万|元)?$/;

/** How many 元 one of the unit is that an entry's amount has. */
const worthIn = (entry) => Number(entry.querySelector("[data-worth]")?.dataset.worth ?? 1);

/** An amount in units of `worth` 元; the text itself if it is none, or has more than two decimals then. */
function amountIn(worth, text) {
  const [, whole, decimals = "", unit] = AMOUNT.exec(plainNumber(text)) ?? [];
  if (!unit && !whole?.includes(",")) return text;
  const hundredths = Number(whole.replaceAll(",", "") + decimals) * 100 * (unit === "元" ? 1 : unit ? 10_000 : worth) / worth;
  const rounded = Math.round(hundredths);
  return Math.abs(hundredths - rounded) < 1e-6 ? String(rounded / 100) : text;
}

const own = (pointer) => ownKey(control(pointer));

/** The payload of the form. */
export const payload = () => payloadOf(new Map([...read()].filter(([name]) => name.startsWith("/"))), posts, own, tables().map((table) => table.dataset.rows));

/** The element of a pointer: its control, its table, or what is above it; null if the form has none. */
export function elementAt(pointer) {
  for (let at = pointer; at; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = control(at) ?? document.querySelector(`[data-rows="${at}"], [data-section="${at}"]`);
    if (found) return found;
  }
  return null;
}

/** Whether only the portal fills in an element. */
export const isReadonly = (found) => Boolean(found?.closest("[data-readonly]"));

/** Values with those of read-only fields as they are. */
function withReadonly(values) {
  const own = (of) => [...of].filter(([name]) => isReadonly(elementAt(name)));
  const given = new Map(values);
  for (const [name] of own(values)) given.delete(name);
  return new Map([...given, ...own(read())]);
}

/** Lets nothing else be chosen in a read-only choice. */
export function lockChoices() {
  for (const box of form.querySelectorAll("[data-readonly] :is([type='radio'], [type='checkbox'])")) box.disabled = !box.checked;
}

/** Fills the form with `values` and clears all other fields; read-only ones stay unless it is for the `portal`.
 *
 * Returns `unknown` pointers, and `changed` [pointer, value] that a field did not accept.
 */
export function write(given, { portal = false } = {}) {
  const values = portal ? given : withReadonly(given);
  document.dispatchEvent(new Event("kexie-written"));
  const fit = (table) => {
    const pattern = new RegExp(`^${table.dataset.rows}/(\\d+)/`);
    const numbers = [...values.keys()].map((name) => pattern.exec(name)).filter(Boolean).map((match) => Number(match[1]) + 1);
    resize(table, Math.max(0, ...numbers));
  };
  tables().forEach(fit);
  tables().forEach(fit); // those within rows, which may be new
  const left = new Map(values);
  const changed = [];
  for (const found of form.querySelectorAll("[data-kind]")) {
    const pointer = found.id.slice(1);
    if (found.dataset.kind === "options") {
      const { used, kept } = tick(found, values);
      if (!kept) changed.push([pointer, used.map((name) => values.get(name)).join("、")]);
      for (const name of used) left.delete(name);
      continue;
    }
    const value = values.get(pointer) ?? "";
    left.delete(pointer);
    if (!set(found, value)) changed.push([pointer, value]);
  }
  for (const found of kept()) {
    found.value = values.get(found.name) ?? "";
    left.delete(found.name);
  }
  lockChoices();
  return { unknown: [...left.keys()], changed };
}

function set(found, value) {
  if (found.dataset.kind === "picture") {
    found.querySelector("input[type='hidden']").value = value;
    found.dispatchEvent(new Event("kexie-picture", { bubbles: true }));
    return true;
  }
  if (found.tagName === "FIELDSET") {
    for (const radio of found.querySelectorAll("input")) radio.checked = value !== "" && radio.value === value;
    return !value || found.querySelector("input:checked") !== null;
  }
  found.value = value;
  return found.value === value.replace(/\r\n?/g, "\n");
}
