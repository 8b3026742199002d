// Loads data into the form from a file, another page or the portal; undo and clear.
import { draft, keep, leave } from "./drafts/local_drafts.js";
import { described } from "./drafts/draft_names.js";
import { entered, read, write } from "./fields.js";
import { describeUnknown } from "./feedback/field_names.js";
import { moment, notice, page, settle, word } from "../shared/page.js";
import { valuesOf } from "./payload.js";
import { showErrors, showReadingWarnings } from "./feedback/error_display.js";

export class Loader {
  #changed;

  /** `changed(): void` is called after each change of the form. */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Fills the form with data read from `name`, if they are this form's; those of another one are offered to its page.
   * @param {{ form?: string, year?: number, data: object, warnings: object[] }} found
   * @param {string} name
   */
  fill({ form, year, data, warnings }, name, { portal = false } = {}) {
    if (form && (form !== page.form || Number(year) !== page.year)) {
      offerOther({ form, year: Number(year), data, from: { name, warnings } });
      return false;
    }
    const before = read();
    const entered = enter(valuesOf(data), { name, warnings }, { portal });
    if (!entered) {
      write(before);
      notice(word("not_this_form"));
      return false;
    }
    if (entered.text) this.#offerUndo(entered, before);
    this.#changed();
    return true;
  }

  /** Fills the form with values that the portal kept, and the doubts about them. */
  restore(values, warnings) {
    enter(values, { name: "", warnings });
    this.#changed();
  }

  /** Makes a change of the form that can be undone; `fill()` returns the notice {text, lost}, `lost` if some was left out. */
  change(fill) {
    const before = read();
    this.#offerUndo(fill(), before);
    this.#changed();
  }

  /** Restores the stored draft, or data stored by another page for this form, around what was entered meanwhile. */
  begin() {
    const kept = draft();
    if (kept) restore(kept, entered());
  }

  /** Shows the draft in use in place of what is in the form; an empty form if it is new. */
  open() {
    const kept = draft();
    this.#empty();
    if (kept) restore(kept, new Map());
    this.#changed();
  }

  /** Empties the form; `forget(): () => void` deletes the draft, and returns how to put it back. */
  clear(forget = () => () => {}) {
    const before = read();
    this.#empty();
    this.#changed();
    const putBack = forget();
    notice(word(page.embedded ? "cleared_alone" : "cleared"), [word("undo"), () => {
      putBack();
      this.#restore(before);
    }]);
  }

  #empty() {
    write(new Map());
    showErrors([], []);
    showReadingWarnings([]);
  }

  /** Offers to undo what was just changed; what is typed later stays. */
  #offerUndo({ text, lost = false }, before) {
    const after = read();
    notice(text, [word("undo"), () => this.#restore(without(before, after, read()))]);
    if (!lost) settle();
  }

  #restore(values) {
    write(values);
    showReadingWarnings([]);
    notice(word("undone"));
    settle();
    this.#changed();
  }
}

/** The values `now` without what changed from `before` to `after` and is still so. */
function without(before, after, now) {
  const undone = new Map(now);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, changed] = [before, after].map((values) => values.get(name));
    if (old === changed || now.get(name) !== changed) continue;
    if (old === undefined) undone.delete(name);
    else undone.set(name, old);
  }
  return undone;
}

/** Fills the form with a draft, around what was `entered`. */
function restore(kept, entered) {
  const { text, lost } = enter(new Map([...kept.values, ...entered]), kept.from ?? { name: "", warnings: kept.readings ?? [] }) ?? { text: word("not_this_form"), lost: true };
  if (kept.from) {
    notice(text);
    keep(read(), { readings: kept.from.warnings });
  } else {
    const restored = kept.name ? word("draft_opened", { draft: described(kept) }) : word("draft_restored", { time: moment(kept.saved) });
    notice([restored, text].filter(Boolean).join(" "));
  }
  if (!lost) settle();
}

/** Fills the form with values read from `name`; returns {text, lost}, or null if none belongs to this form. */
function enter(values, { name, warnings }, options = {}) {
  const { unknown, changed } = write(values, options);
  if (unknown.length && unknown.length === values.size) return null;
  const messages = [...warnings, ...changed.map(([pointer, value]) => ({ pointer, message: word("not_kept", { value }) }))];
  showReadingWarnings(messages);
  const names = [...new Set(unknown.map(describeUnknown))].join(word("between"));
  const text = [
    name && word("loaded", { name }),
    messages.length && word("loaded_warnings", { count: messages.length }),
    names && word("not_in_form", { names }),
  ].filter(Boolean).join(page.lang === "en" ? " " : "");
  return { text, lost: Boolean(names) };
}

function offerOther({ form, year, data, from }) {
  const go = () => {
    if (!leave(valuesOf(data), form, year, from)) return notice(word("draft_no_way"));
    return location.assign(`${page.pages}forms/${form}/${year}${page.lang === "en" ? "?lang=en" : ""}`);
  };
  const actions = page.embedded ? [] : [[word("go_there"), go]];
  notice(word("other_form", { title: page.titles[`${form} ${year}`] ?? `${form} ${year}` }), ...actions);
}
