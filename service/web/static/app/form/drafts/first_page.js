// The first page: the drafts of this browser, the last saved first.
import { byId, element, word } from "../../shared/page.js";
import { details, nameOf, titleOf } from "./draft_names.js";
import { addressOf, drafts } from "./local_drafts.js";
import { refuseDrop } from "../../shared/files.js";

const SHOWN = 3; // the others are folded
const titles = JSON.parse(byId("draft-titles").textContent);

function item(draft) {
  const form = element("span", { class: "hidden" }, ` ${titleOf(draft, titles)}`);
  const name = element("span", {}, word("name_text", { name: titleOf(draft, titles), text: nameOf(draft) }));
  return element("li", { class: "edition" }, element("a", { class: "button", href: addressOf(draft) }, word("draft_continue"), form), name, details(draft));
}

function show() {
  const found = drafts().filter((draft) => `${draft.form} ${draft.year}` in titles);
  byId("drafts").hidden = !found.length;
  byId("drafts-last").replaceChildren(...found.slice(0, SHOWN).map(item));
  const more = byId("drafts-more");
  more.hidden = found.length <= SHOWN;
  more.querySelector("summary").textContent = word("drafts_more", { count: found.length - SHOWN });
  more.querySelector("ul").replaceChildren(...found.slice(SHOWN).map(item));
}

refuseDrop();
window.addEventListener("pageshow", show); // also when the browser shows a page again that it kept
window.addEventListener("storage", show);
show();
