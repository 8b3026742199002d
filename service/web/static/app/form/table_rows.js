// Adds, removes and numbers the rows of a table.
import { announce, disable, elementOf, noticeIn, word } from "../shared/page.js";

const NAMING = ["id", "name", "for", "aria-describedby", "data-field", "data-count", "data-own", "data-rows", "data-sum"];
const FIELD = "input:not([type='hidden'])";

export const tables = () => [...document.querySelectorAll("[data-rows]")];

const full = (table) => table.children.length >= Number(table.dataset.maximum);

/** Resizes a table to `count` rows within its minimum and maximum. */
export function resize(table, count) {
  const wanted = Math.min(Math.max(count, Number(table.dataset.minimum)), Number(table.dataset.maximum));
  while (table.children.length > wanted) table.lastElementChild.remove();
  while (table.children.length < wanted) append(table);
  limit(table);
}

const adder = (table) => table.parentElement.querySelector(":scope > .rows-end > button[name='add']");

/** Disables the add button when the table is full. */
function limit(table) {
  disable(adder(table), full(table));
  adder(table).title = full(table) ? word("rows_full", { number: table.children.length }) : "";
}

/** Activates the buttons of all tables, those within rows too; calls `changed` after each change. */
export function watchRows(changed) {
  tables().forEach(limit);
  document.addEventListener("click", (event) => {
    const button = elementOf(event).closest("button[name='add'], [data-remove]");
    const rows = button?.closest(".rows");
    if (!rows) return;
    const table = rows.querySelector("[data-rows]");
    if ("remove" in button.dataset) {
      remove(table, button.closest(".row"), changed);
    } else {
      event.preventDefault();
      add(table, changed);
    }
  });
}

function add(table, changed) {
  if (full(table)) {
    announce(word("rows_full", { number: table.children.length }));
    return;
  }
  append(table).querySelector(FIELD).focus();
  announce(word("row_added", { number: table.children.length }));
  changed();
}

function remove(table, row, changed) {
  const at = [...table.children].indexOf(row);
  const filled = [...row.querySelectorAll("input:not([type='radio'], [type='checkbox']), textarea, :checked")].some(({ value }) => value.trim());
  row.remove();
  number(table);
  const next = table.children[Math.min(at, table.children.length - 1)];
  (next?.querySelector(":scope > [data-remove]") ?? adder(table)).focus();
  const text = word("row_removed", { number: at + 1 });
  if (filled) noticeIn(noticed(table), text, [word("undo"), () => putBack(table, row, at, changed)]);
  else announce(text);
  changed(table.dataset.rows);
}

const noticed = (table) => table.parentElement.querySelector(":scope > .notice-rows");

function putBack(table, row, at, changed) {
  if (full(table)) {
    noticeIn(noticed(table), word("rows_full", { number: table.children.length }));
    return;
  }
  table.insertBefore(row, table.children[at] ?? null);
  number(table);
  row.querySelector(FIELD).focus();
  noticeIn(noticed(table), "");
  announce(word("row_added", { number: at + 1 }));
  changed(table.dataset.rows);
}

function append(table) {
  const template = table.parentElement.querySelector(":scope > template");
  table.append(template.content.cloneNode(true));
  number(table);
  const row = table.lastElementChild;
  for (const hidden of row.querySelectorAll("[data-js]")) hidden.hidden = false;
  return row;
}

function number(table) {
  const { rows } = table.dataset;
  limit(table);
  const pattern = new RegExp(`${rows}/(?:\\d+|\\*)(?=/)`, "g");
  [...table.children].forEach((row, at) => {
    rename(row, pattern, `${rows}/${at}`);
    row.setAttribute("aria-label", word("row", { number: at + 1 }));
    row.querySelector(".number").textContent = at + 1;
    row.querySelector(":scope > [data-remove]").setAttribute("aria-label", word("remove_row", { number: at + 1 }));
  });
}

/** Names the fields of a row, and those that may be added within it. */
function rename(row, pattern, name) {
  for (const named of row.querySelectorAll(NAMING.map((each) => `[${each}]`).join())) {
    for (const each of NAMING) {
      if (named.hasAttribute(each)) named.setAttribute(each, named.getAttribute(each).replace(pattern, name));
    }
  }
  for (const button of row.querySelectorAll("button[name='add']")) button.value = button.value.replace(pattern, name);
  for (const template of row.querySelectorAll("template")) rename(template.content, pattern, name);
}
