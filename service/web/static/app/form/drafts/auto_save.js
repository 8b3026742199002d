// Saves the form as the draft in use shortly after each change, and says so in the bar.
import { readingWarnings } from "../feedback/error_display.js";
import { read } from "../fields.js";
import { byId, moment, notice, word } from "../../shared/page.js";
import { draft, keep } from "./local_drafts.js";

const PAUSE = 200; // ms without a change
let timer;
let warned = false; // whether the conflict with another page's draft was shown

/** The form has changed. */
export function schedule() {
  clearTimeout(timer);
  timer = setTimeout(saveNow, PAUSE);
}

/** Saves now what has changed. */
export function flush() {
  if (timer) saveNow();
}

/** Drops what has changed. */
export function drop() {
  clearTimeout(timer);
  timer = undefined;
  byId("saved").textContent = "";
}

/** Saves the form. */
export function saveNow(options = {}) {
  clearTimeout(timer);
  timer = undefined;
  const kept = keep(read(), { ...options, readings: readingWarnings() });
  const name = kept === "draft_saved" && draft()?.name;
  byId("saved").textContent = word(name ? "draft_saved_named" : kept, { name, time: moment(new Date(), { clock: true }) });
  if (kept === "draft_elsewhere" && !warned) notice(word("draft_asks"), [word("draft_replace"), () => saveNow({ replacing: true })]);
  warned = kept === "draft_elsewhere";
}
