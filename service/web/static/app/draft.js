// The draft of a form, kept in this browser alone.
import { page } from "./page.js";

const key = (form, year) => `kexie:draft:${page.pages}${form}:${year}`;

/** The draft {saved: Date, values: Map, from} of a form, or null; `from` as `keep` took it. */
export function draft(form = page.form, year = page.year) {
  try {
    const kept = JSON.parse(localStorage.getItem(key(form, year)));
    return kept && { ...kept, saved: new Date(kept.saved), values: new Map(Object.entries(kept.values)) };
  } catch {
    return null;
  }
}

/** Keeps the values as the draft of a form; answers whether the browser took it.
 *
 * `from` {name, warnings} tells the form's page that they were loaded from there, and are nobody's draft yet.
 */
export function keep(values, form = page.form, year = page.year, from = undefined) {
  const filled = [...values].filter(([, text]) => text !== "");
  const kept = { saved: new Date(), values: Object.fromEntries(filled), from };
  try {
    if (filled.length) localStorage.setItem(key(form, year), JSON.stringify(kept));
    else localStorage.removeItem(key(form, year));
    return true;
  } catch {
    return false;
  }
}

/** Deletes the draft. */
export function forget() {
  try {
    localStorage.removeItem(key(page.form, page.year));
  } catch {
    // A browser that keeps nothing has nothing to delete.
  }
}
