// A long text pasted from a file: tidied by the service, shown below its field, undone or split into its fields.
import { control } from "./fields.js";
import { count } from "./totals.js";
import { withoutNumbers } from "../shared/errors.js";
import { announce, element, page, word } from "../shared/page.js";

/** Replaces what was pasted at `start` by the tidied text, unless it was changed meanwhile.
 *
 * `change(fill)` makes a change of the form that can be undone; `fill()` returns the notice {text}.
 */
export async function tidy(field, start, pasted, client, change) {
  box(field)?.remove();
  const found = await asked(client, { pointer: field.name, text: pasted });
  if (!found || field.value.slice(start, start + pasted.length) !== pasted) return;
  const { text, changes, parts } = found;
  if (text !== pasted) replace(field, start, pasted, text);
  if (changes.length || parts.length) show(field, { start, pasted, ...found }, change);
}

/** Null if the service cannot be asked now: the form's check reports what matters. */
async function asked(client, body) {
  try {
    return await (await client.post(`/forms/${page.form}/${page.year}/pasted-text`, body, { quiet: true })).json();
  } catch {
    return null;
  }
}

/** Replaces a text; in the field in use as if typed, so that the browser can undo it. Keeps the caret. */
function replace(field, start, before, after) {
  const end = start + before.length;
  const behind = field.value.length - Math.max(field.selectionEnd, end);
  field.setSelectionRange(start, end);
  if (document.activeElement !== field || !document.execCommand("insertText", false, after)) {
    field.setRangeText(after, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(field.value.length - behind, field.value.length - behind);
}

const box = (field) => field.parentElement.querySelector(":scope > .pasted");

function show(field, { start, pasted, text, changes, parts }, change) {
  const isUnchanged = () => field.value.slice(start, start + text.length) === text;
  const changed = () => {
    if (isUnchanged()) return;
    made.remove();
    field.removeEventListener("input", changed);
  };
  const undo = () => {
    field.focus({ preventScroll: true });
    if (isUnchanged()) replace(field, start, text, pasted);
    close(field);
  };
  const split = () => {
    const others = () => fillParts(field, { start, text, parts });
    close(field);
    change(others);
  };
  const made = element("div", { class: "notice pasted", role: "group", "aria-label": word("pasted_text") });
  if (changes.length) {
    const list = element("ul", {}, ...changes.map((each) => element("li", {}, withoutNumbers(each))));
    const original = element("details", {}, element("summary", {}, word("pasted_original")), element("pre", { tabindex: "0" }, visible(pasted)));
    made.append(element("p", {}, word("pasted_tidied")), list, original, element("button", { type: "button", onclick: undo }, word("pasted_undo")));
  }
  if (parts.length) {
    const names = parts.map(({ label, text: part }) => word("pasted_part", { label, count: count(part) })).join(word("between"));
    made.append(element("p", {}, word("pasted_parts", { names })), element("button", { type: "button", onclick: split }, word("pasted_split")));
  }
  made.append(element("button", { type: "button", class: "plain", onclick: () => close(field) }, word("close")));
  field.addEventListener("input", changed);
  field.parentElement.append(made);
  made.scrollIntoView({ block: "nearest" });
  announce([...made.querySelectorAll("p, li")].map(({ textContent }) => textContent).join(" "));
}

function close(field) {
  box(field)?.remove();
  field.focus({ preventScroll: true });
}

/** Puts each part into its field, behind what that has; what was pasted is removed. */
function fillParts(field, { start, text, parts }) {
  if (field.value.slice(start, start + text.length) === text) field.setRangeText("", start, start + text.length);
  for (const { pointer, text: part } of parts) {
    const found = control(pointer);
    found.value = [found.value.trimEnd(), part].filter(Boolean).join("\n");
  }
  return { text: word("pasted_filled", { names: parts.map(({ label }) => label).join(word("between")) }) };
}

/** A text whose white space and signs can be seen. */
const visible = (text) => text.replaceAll("\t", "→\t").replaceAll("\v", "↵\n").replaceAll("\u00a0", "°").replaceAll("\u00ad", "¬");
