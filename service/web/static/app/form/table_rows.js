// Adds, removes and numbers the rows of a table.
import { announce, disable, elementOf, noticeIn, word } from "../shared/page.js";

const NAMING = ["id", "name", "for", "aria-describedby", "data-field", "data-count", "data-own"];

export const tables = () => [...document.querySelectorAll("[data-rows]")];

const full = (table) => table.children.length >= Number(table.dataset.maximum);

/** Resizes a table to `count` rows within its minimum and maximum. */
export function resize(table, count) {
  const wanted = Math.min(Math.max(count, Number(table.dataset.minimum)), Number(table.dataset.maximum));
  while (table.children.length > wanted) table.lastElementChild.remove();
  while (table.children.length < wanted) append(table);
  limit(table);
}

const adder = (table) => table.parentElement.querySelector("button[name='add']");

/** Disables the add button when the table is full. */
function limit(table) {
  disable(adder(table), full(table));
  adder(table).title = full(table) ? word("rows_full", { number: table.children.length }) : "";
}

/** Activates the buttons of all tables; calls `changed` after each change. */
export function watchRows(changed) {
  for (const table of tables()) {
    limit(table);
    const add = adder(table);
    add.addEventListener("click", (event) => {
      event.preventDefault();
      if (full(table)) {
        announce(word("rows_full", { number: table.children.length }));
        return;
      }
      const row = append(table);
      row.querySelector("input:not([type='hidden'])").focus();
      announce(word("row_added", { number: table.children.length }));
      changed();
    });
    table.addEventListener("click", (event) => {
      const button = elementOf(event).closest("[data-remove]");
      if (button) remove(table, button.closest(".row"), add, changed);
    });
  }
}

function remove(table, row, add, changed) {
  const at = [...table.children].indexOf(row);
  const filled = [...row.querySelectorAll("input:not([type='radio'], [type='checkbox']), textarea, :checked")].some(({ value }) => value.trim());
  row.remove();
  number(table);
  const next = table.children[Math.min(at, table.children.length - 1)];
  (next?.querySelector("[data-remove]") ?? add).focus();
  const text = word("row_removed", { number: at + 1 });
  if (filled) noticeIn(noticed(table), text, [word("undo"), () => putBack(table, row, at, changed)]);
  else announce(text);
  changed(table.dataset.rows);
}

const noticed = (table) => table.parentElement.querySelector(".notice-rows");

function putBack(table, row, at, changed) {
  if (full(table)) {
    noticeIn(noticed(table), word("rows_full", { number: table.children.length }));
    return;
  }
  table.insertBefore(row, table.children[at] ?? null);
  number(table);
  row.querySelector("input:not([type='hidden'])").focus();
  noticeIn(noticed(table), "");
  announce(word("row_added", { number: at + 1 }));
  changed(table.dataset.rows);
}

function append(table) {
  const template = table.parentElement.querySelector("template");
  table.append(template.content.cloneNode(true));
  number(table);
  const row = table.lastElementChild;
  for (const hidden of row.querySelectorAll("[data-js]")) hidden.hidden = false;
  return row;
}

function number(table) {
  const { rows } = table.dataset;
  limit(table);
  const pattern = new RegExp(`${rows}/(?:\\d+|\\*)/`, "g");
  [...table.children].forEach((row, at) => {
    for (const named of row.querySelectorAll(NAMING.map((name) => `[${name}]`).join())) {
      for (const name of NAMING) {
        if (named.hasAttribute(name)) named.setAttribute(name, named.getAttribute(name).replace(pattern, `${rows}/${at}/`));
      }
    }
    row.setAttribute("aria-label", word("row", { number: at + 1 }));
    row.querySelector(".number").textContent = at + 1;
    row.querySelector("[data-remove]").setAttribute("aria-label", word("remove_row", { number: at + 1 }));
  });
}
