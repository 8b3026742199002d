// Shows which expected fields are blank and what is unlikely: marks, a count in the bar, a box above the last buttons.
import { control } from "../fields.js";
import { glossOf, named } from "./field_names.js";
import { byId, element, word } from "../../shared/page.js";

let listed = ""; // the content of the box

/** "2 处请核对，还有 37 项未填", or "" if there is nothing to say. */
export function remarksText({ advice, missing }) {
  return [
    advice.length && word("to_check", { count: advice.length }),
    missing.length && word("still_blank", { count: missing.length }),
  ].filter(Boolean).join(word("comma"));
}

/** Shows remarks, and in the bar the number of `faults` too; `focus(element)` goes to a field. */
export function showRemarks({ advice, missing }, faults, focus) {
  mark(missing);
  const text = remarksText({ advice, missing });
  byId("remarks-count").textContent = [faults && word("section_faults", { count: faults }), text].filter(Boolean).join(word("comma"));
  // Do not rebuild a link while it is being clicked.
  const listing = JSON.stringify([advice, missing]);
  if (listing === listed) return;
  listed = listing;
  const box = byId("remarks");
  box.hidden = !text;
  byId("remarks-title").textContent = text;
  box.querySelector("ul").replaceChildren(...advice.map((each) => element("li", {}, ...entry(each, focus))));
  const details = box.querySelector("details");
  details.hidden = !missing.length;
  details.querySelector("summary").textContent = word("list_blank", { count: missing.length });
  details.querySelector("div").replaceChildren(...sections(missing, focus));
}

/** Marks the blank fields among the expected ones. */
function mark(missing) {
  document.documentElement.style.setProperty("--blank", `"${word("blank")}"`);
  const blank = new Set(missing.map(({ pointer }) => pointer));
  for (const field of document.querySelectorAll("[data-field]")) {
    field.toggleAttribute("data-missing", blank.has(field.dataset.field));
  }
}

function entry(remark, focus) {
  const message = word("error_text", { gloss: glossOf(remark), message: remark.message });
  return [link(remark, focus), message];
}

function link(remark, focus) {
  const { row, label } = named(remark);
  const text = [row && `${row} `, element("span", { lang: "zh-CN" }, label)];
  const found = target(remark.pointer);
  const go = (event) => {
    event.preventDefault();
    focus(found);
  };
  return found ? element("a", { href: `#${found.id}`, onclick: go }, ...text) : element("span", {}, ...text);
}

/** The control of a field, the first one of a table. */
const target = (pointer) => control(pointer) ?? document.querySelector(`[data-rows="${pointer}"] input`);

/** The names of the fields by section, each a link. */
function sections(missing, focus) {
  const groups = new Map();
  for (const each of missing) {
    const heading = target(each.pointer)?.closest("[data-section]")?.querySelector("h2")?.firstChild.textContent ?? "";
    groups.set(heading, [...(groups.get(heading) ?? []), each]);
  }
  return [...groups].map(([heading, found]) => {
    const links = found.flatMap((each, at) => (at ? [word("between"), link(each, focus)] : [link(each, focus)]));
    return element("p", {}, ...(heading ? [element("b", { lang: "zh-CN" }, heading), " "] : []), ...links);
  });
}
