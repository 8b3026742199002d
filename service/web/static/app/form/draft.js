// The draft of a form, kept only in this browser.
import { page } from "../shared/page.js";

const key = (form, year) => `kexie:draft:${page.pages}${form}:${year}`;

let known = null; // the time of the draft that this page read or wrote last

/** The draft {saved: Date, values: Map, from, readings} of a form, or null; as `leave` and `keep` took them. */
export function draft(form = page.form, year = page.year) {
  try {
    const kept = stored(form, year);
    if (kept && form === page.form && year === page.year) known = kept.saved;
    return kept && { ...kept, saved: new Date(kept.saved), values: new Map(Object.entries(kept.values)) };
  } catch {
    return null;
  }
}

const stored = (form, year) => JSON.parse(localStorage.getItem(key(form, year)));

/** Saves the values as the draft of this page's form; returns "draft_saved", or "draft_failed" if the browser refuses.
 *
 * "draft_elsewhere": another page of this form has saved a newer one, which only `replacing` overwrites.
 * `readings` are the warnings of a document that was read, not settled yet.
 */
export function keep(values, { replacing = false, readings = [] } = {}) {
  try {
    const there = stored(page.form, page.year)?.saved ?? null;
    if (there && there !== known && !replacing) return "draft_elsewhere";
    known = put(values, page.form, page.year, { readings });
    return "draft_saved";
  } catch {
    return "draft_failed";
  }
}

/** Stores values for the page of another form; returns whether the browser accepted them.
 *
 * `from` {name, warnings} is their source, for that page to show.
 */
export function leave(values, form, year, from) {
  try {
    put(values, form, year, { from });
    return true;
  } catch {
    return false;
  }
}

function put(values, form, year, more) {
  const filled = [...values].filter(([, text]) => text !== "");
  const saved = new Date().toISOString();
  if (filled.length) localStorage.setItem(key(form, year), JSON.stringify({ saved, values: Object.fromEntries(filled), ...more }));
  else localStorage.removeItem(key(form, year));
  return filled.length ? saved : null;
}

/** Deletes the draft. */
export function forget() {
  try {
    localStorage.removeItem(key(page.form, page.year));
  } catch {
    // Without storage there is nothing to delete.
  }
}
