// Doubts about a document that was read: listed above the form until their field is edited or they are checked.
import { control } from "../fields.js";
import { glossOf, named } from "./field_names.js";
import { byId, element, word } from "../../shared/page.js";

let listed = ""; // the content of the box

/** What was found at a place of the document, "" if it is not known. */
export const quoted = ({ place, text }) => (place && text ? ` ${word("name_text", { name: place, text: `“${text}”` })}` : "");

/** Lists doubts; `focus(element)` goes to a field, `settle(doubt)` is called when one is checked. */
export function showReadings(doubts, focus, settle) {
  const listing = JSON.stringify(doubts);
  if (listing === listed) return;
  listed = listing;
  const box = byId("readings");
  box.hidden = !doubts.length;
  byId("readings-title").textContent = word("readings_title", { count: doubts.length });
  box.querySelector("ul").replaceChildren(...doubts.map((doubt) => element("li", {}, ...entry(doubt, focus, settle))));
}

function entry(doubt, focus, settle) {
  const { row, label } = named(doubt);
  const name = [row && `${row} `, element("span", { lang: "zh-CN" }, label)];
  const found = control(doubt.pointer) ?? document.querySelector(`[data-rows="${doubt.pointer}"] input`);
  const go = (event) => {
    event.preventDefault();
    focus(found);
  };
  const link = found ? element("a", { href: `#${found.id}`, onclick: go }, ...name) : element("span", {}, ...name);
  const checked = element("button", { type: "button", class: "quiet", onclick: () => settle(doubt) }, word("reading_checked"));
  const message = doubt.message + quoted(doubt);
  return label ? [link, word("error_text", { gloss: glossOf(doubt), message }), " ", checked] : [message, " ", checked];
}
