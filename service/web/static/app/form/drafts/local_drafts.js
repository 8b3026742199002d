// The drafts of the forms, kept only in this browser: each is an item of its own; the first of a form has the id "".
import { page } from "../../shared/page.js";

const PREFIX = `kexie:draft:${page.pages}`;
const NAME = /^([^:/]+):(\d{4})(?::([\w-]+))?$/;
const FILE = /\.(json|docx?|wps|odt|rtf|pdf)$/i;

let known = null; // the time of the draft that this page read or wrote last
let current = null; // the id of the draft of this page

const key = (form, year, id) => `${PREFIX}${form}:${year}${id && `:${id}`}`;
const place = (form, year) => `kexie:current:${page.pages}${form}:${year}`;
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** All drafts of this browser, of one form if it is given, the last saved first.
 *
 * Each is {form, year, id, name, submitter, saved: Date, values: Map, readings, from, server} as far as it was given.
 */
export function drafts(form = null, year = null) {
  try {
    const found = Object.keys(localStorage).map((name) => (name.startsWith(PREFIX) ? NAME.exec(name.slice(PREFIX.length)) : null));
    return found.filter(Boolean).map(([, ofForm, ofYear, id = ""]) => draftOf(ofForm, Number(ofYear), id))
      .filter((each) => each && (form === null || (each.form === form && each.year === year)))
      .sort((one, other) => other.saved.getTime() - one.saved.getTime());
  } catch {
    return [];
  }
}

/** The draft of this page's form that is in use, or null; as `keep`, `leave` and `adopt` stored it. */
export function draft() {
  try {
    const kept = draftOf(page.form, page.year, currentId());
    if (kept) known = kept.saved.toISOString();
    return kept;
  } catch {
    return null;
  }
}

function draftOf(form, year, id) {
  const kept = stored(form, year, id);
  return kept?.values && { name: "", ...kept, form, year, id, saved: new Date(kept.saved), values: new Map(Object.entries(kept.values)) };
}

function stored(form, year, id) {
  try {
    return JSON.parse(localStorage.getItem(key(form, year, id)));
  } catch {
    return null;
  }
}

/** The id of the draft in use: the one that this tab used last, else the last saved. */
export function currentId() {
  current ??= usedBefore() ?? drafts(page.form, page.year)[0]?.id ?? "";
  return current;
}

function usedBefore() {
  try {
    return sessionStorage.getItem(place(page.form, page.year));
  } catch {
    return null;
  }
}

/** Takes another draft into use. */
export function use(id) {
  current = id;
  known = null;
  remember();
}

function remember() {
  try {
    sessionStorage.setItem(place(page.form, page.year), current);
  } catch {
    // for this page only
  }
}

/** Takes a new, empty draft into use; it is stored once something is filled in. */
export const useNew = () => use(newId());

/** Saves the values as the draft in use; returns "draft_saved", or "draft_failed" if the browser refuses.
 *
 * "draft_elsewhere": another page of this form has saved a newer one, which only `replacing` overwrites.
 * `readings` are the warnings of a document that was read, not settled yet.
 */
export function keep(values, { replacing = false, readings = [] } = {}) {
  try {
    const { from, ...there } = stored(page.form, page.year, currentId()) ?? {};
    if (there.saved && there.saved !== known && !replacing) return "draft_elsewhere";
    known = put(values, page.form, page.year, currentId(), { ...there, readings, submitter: values.get(page.submitter) ?? "" });
    remember();
    return "draft_saved";
  } catch {
    return "draft_failed";
  }
}

/** Stores values as a new draft for the page of another form; returns whether the browser accepted them.
 *
 * `from` {name, warnings} is their source, for that page to show.
 */
export function leave(values, form, year, from) {
  try {
    const id = drafts(form, year).length ? newId() : "";
    put(values, form, year, id, { name: from.name.replace(FILE, "").slice(0, 100), from });
    sessionStorage.setItem(place(form, year), id);
    return true;
  } catch {
    return false;
  }
}

/** Stores a draft of the server as a new one, and takes it into use. Throws if the browser refuses. */
export function adopt({ name, values, readings }, server) {
  const id = drafts(page.form, page.year).length ? newId() : "";
  put(Object.entries(values), page.form, page.year, id, { name, readings, server });
  use(id);
}

/** Changes `name` or `server` of a draft of this page's form. */
export function describe(id, more) {
  const there = stored(page.form, page.year, id);
  if (there) localStorage.setItem(key(page.form, page.year, id), JSON.stringify({ ...there, ...more }));
}

function put(values, form, year, id, more) {
  const filled = [...values].filter(([, text]) => text !== "");
  const saved = filled.length || more.name || more.server ? new Date().toISOString() : null;
  if (saved) localStorage.setItem(key(form, year, id), JSON.stringify({ ...more, saved, values: Object.fromEntries(filled) }));
  else localStorage.removeItem(key(form, year, id));
  return saved;
}

/** Deletes a draft of this page's form, the one in use by default; returns how to put it back. */
export function forget(id = currentId()) {
  const item = key(page.form, page.year, id);
  const inUse = id === current;
  try {
    const text = localStorage.getItem(item);
    localStorage.removeItem(item);
    if (inUse) useNew();
    return () => {
      if (text) localStorage.setItem(item, text);
      if (!inUse) return;
      use(id);
      draft();
    };
  } catch {
    return () => {}; // without storage there is nothing to delete
  }
}

/** The address of the page that continues a draft. */
export const addressOf = ({ form, year, id }) => `${page.pages}forms/${form}/${year}${page.lang === "en" ? "?lang=en" : ""}#open=${id}`;
