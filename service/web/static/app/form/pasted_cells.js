// Cells copied from a spreadsheet, pasted into the rows of a table.
import { control, isReadonly, makeNumberPlain } from "./fields.js";
import { resize } from "./table_rows.js";
import { word } from "../shared/page.js";

const CELL = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\r|\n|$)/g;
const GROUPED = /^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$/;
const TOTAL = /^(合计|总计|共计|小计|total)$/i;
const DATE = /^([0-9]{4})[-/.年]([0-9]{1,2})(?:[-/.月]([0-9]{1,2})日?|月)?$/;
const LOST_ZERO = /^[0-9]{4}\.1$/; // the number 2021.10 as a spreadsheet shows it

/** Fills the cells of a copied text into the rows of a table, from a field in one of them on; returns the notice {text, lost}. */
export const fillCells = (row, target, text) => fill(row, fieldsOf(row).indexOf(target.closest("[data-field]")), cellsOf(text));

/** The texts of copied cells by row; a cell with a line end or a quote is in quotes. */
function cellsOf(text) {
  const rows = [[]];
  for (const [whole, quoted, plain, end] of text.matchAll(CELL)) {
    if (!whole) break;
    rows[rows.length - 1].push((quoted?.replaceAll('""', '"') ?? plain).trim());
    if (end !== "\t" && end) rows.push([]);
  }
  return rows.filter(({ length }) => length);
}

/** The fields of a row, without those of rows within it. */
const fieldsOf = (row) => [...row.querySelectorAll("[data-field]")].filter((field) => field.closest(".row, tr") === row);

/** The rows of a table or matrix. */
const rowsOf = (parent) => [...parent.children].filter((each) => !each.matches(".beneath"));

/** A text without white space, brackets and colons. */
const bare = (text) => text.replace(/[（(][^）)]*[）)]|[\s:：]/g, "");

/** The copied rows without the headings of the columns and the row of the total, which the form computes. */
function withoutHeadAndTotal(row, column, cells) {
  const labels = fieldsOf(row).slice(column).map((field) => bare(field.querySelector("label, legend")?.textContent ?? ""));
  const isHead = (texts) => texts.some(Boolean) && texts.every((text, across) => !text || bare(text) === labels[across]);
  const summed = row.closest(".rows")?.querySelector("output[data-sum]");
  const isTotal = (texts) => Boolean(summed) && TOTAL.test(bare(texts.find(Boolean) ?? ""));
  const head = cells.length > 1 && isHead(cells[0]) ? 1 : 0;
  const total = cells.length > 1 + head && isTotal(cells[cells.length - 1]) ? 1 : 0;
  return [cells.slice(head, cells.length - total), (head ? word("pasted_head") : "") + (total ? word("pasted_total") : "")];
}

function fill(first, column, copied) {
  const { parentElement: parent } = first;
  const [cells, skipped] = withoutHeadAndTotal(first, column, copied);
  const start = rowsOf(parent).indexOf(first);
  if (parent.matches("[data-rows]") && !isReadonly(parent)) resize(parent, Math.max(parent.children.length, start + cells.length));
  const rows = rowsOf(parent).slice(start);
  const left = [];
  let count = 0;
  for (const [down, texts] of cells.entries()) {
    const fields = rows[down] ? fieldsOf(rows[down]).slice(column) : [];
    for (const [across, text] of texts.entries()) {
      const taken = put(fields[across], text);
      if (taken && text) count += 1;
      else if (text) left.push(text);
    }
  }
  const lost = left.length > 0;
  return { text: word("pasted", { count }) + skipped + (lost ? word("pasted_left", { count: left.length, texts: left.join(word("between")) }) : ""), lost };
}

/** Puts a text into a field; false if it does not take it. */
function put(field, text) {
  const found = field && control(field.dataset.field);
  if (!found || isReadonly(found)) return false;
  if (found.tagName === "FIELDSET") return choose(found, text);
  found.value = found.tagName === "TEXTAREA" ? text : asTyped(found, text);
  if (text && !found.value) return false;
  makeNumberPlain(found);
  return true;
}

/** A text as the control takes it: dates by ISO 8601, numbers without separators, one line. */
function asTyped({ type }, text) {
  const [, year, month, day] = DATE.exec(text) ?? [];
  if (type === "date" && day) return [year, month.padStart(2, "0"), day.padStart(2, "0")].join("-");
  if (type === "month" && month && !day && !LOST_ZERO.test(text)) return [year, month.padStart(2, "0")].join("-");
  return GROUPED.test(text) ? text.replaceAll(",", "") : text.replace(/\s*\n\s*/g, " ");
}

function choose(fieldset, text) {
  const labels = [...fieldset.querySelectorAll("label")];
  const label = labels.find((each) => each.textContent.trim() === text) ?? (text ? undefined : labels.find((each) => each.querySelector("[value='']")));
  if (!label) return false;
  label.querySelector("input").checked = true;
  return true;
}
