// The draft of a form, kept in this browser alone.
import { page } from "../shared/page.js";

const key = (form, year) => `kexie:draft:${page.pages}${form}:${year}`;

let known = null; // when the draft was saved that this page has read or written last

/** The draft {saved: Date, values: Map, from} of a form, or null; `from` as `keep` took it. */
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

/** Keeps the values as the draft of this page's form: the word for "draft_saved", or for "draft_failed" where the browser takes none.
 *
 * "draft_elsewhere": another page of this form has saved one since, which only `replacing` takes the place of.
 */
export function keep(values, { replacing = false } = {}) {
  try {
    const there = stored(page.form, page.year)?.saved ?? null;
    if (there && there !== known && !replacing) return "draft_elsewhere";
    known = put(values, page.form, page.year);
    return "draft_saved";
  } catch {
    return "draft_failed";
  }
}

/** Leaves values for the page of another form; answers whether the browser took them.
 *
 * `from` {name, warnings} tells that page that they were loaded from there, and are nobody's draft yet.
 */
export function leave(values, form, year, from) {
  try {
    put(values, form, year, from);
    return true;
  } catch {
    return false;
  }
}

function put(values, form, year, from) {
  const filled = [...values].filter(([, text]) => text !== "");
  const saved = new Date().toISOString();
  if (filled.length) localStorage.setItem(key(form, year), JSON.stringify({ saved, values: Object.fromEntries(filled), from }));
  else localStorage.removeItem(key(form, year));
  return filled.length ? saved : null;
}

/** Deletes the draft. */
export function forget() {
  try {
    localStorage.removeItem(key(page.form, page.year));
  } catch {
    // A browser that keeps nothing has nothing to delete.
  }
}
