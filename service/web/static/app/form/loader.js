// Data into the form: from a file, another page or the portal; undone, and cleared.
import { draft, keep, leave } from "./draft.js";
import { read, write } from "./fields.js";
import { strange } from "./field_names.js";
import { moment, notice, page, word } from "../shared/page.js";
import { valuesOf } from "./payload.js";
import { tell, tellReadings } from "./errors_shown.js";

export class Loader {
  #changed;

  /** `changed(): void` is called after each change of the form. */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Fills the form with what was read of `name`; what another form's page takes is offered to it.
   * @param {{ form?: string, year?: number, data: object, warnings: object[] }} found
   * @param {string} name
   */
  fill({ form, year, data, warnings }, name) {
    if (form && (form !== page.form || Number(year) !== page.year)) {
      offerOther({ form, year: Number(year), data, from: { name, warnings } });
      return;
    }
    const before = read();
    const text = enter(valuesOf(data), { name, warnings });
    if (text === null) {
      write(before);
      notice(word("not_this_form"));
      return;
    }
    if (text) notice(text, [word("undo"), () => this.#restore(before)]);
    this.#changed();
  }

  /** Shows what the browser kept for this form: a draft, or data that another page has left here to be loaded. */
  begin() {
    const kept = draft();
    if (!kept) return;
    const told = enter(kept.values, kept.from ?? { name: "", warnings: [] }) ?? word("not_this_form");
    if (kept.from) {
      notice(told);
      keep(read());
    } else {
      notice([word("draft_restored", { time: moment(kept.saved) }), told].filter(Boolean).join(" "));
    }
  }

  clear() {
    const before = read();
    write(new Map());
    tell([], []);
    tellReadings([]);
    this.#changed();
    notice(word("cleared"), [word("undo"), () => this.#restore(before)]);
  }

  #restore(values) {
    write(values);
    tellReadings([]);
    notice(word("undone"));
    this.#changed();
  }
}

/** Fills the form with values that were read of `name`; answers what to say of it, null where none is of this form. */
function enter(values, { name, warnings }) {
  const { unknown, changed } = write(values);
  if (unknown.length && unknown.length === values.size) return null;
  const told = [...warnings, ...changed.map(([pointer, value]) => ({ pointer, message: word("not_kept", { value }) }))];
  tellReadings(told);
  const names = [...new Set(unknown.map(strange))].join(word("between"));
  return [
    name && word("loaded", { name }),
    told.length && word("loaded_warnings", { count: told.length }),
    names && word("not_in_form", { names }),
  ].filter(Boolean).join(page.lang === "en" ? " " : "");
}

function offerOther({ form, year, data, from }) {
  const go = () => {
    if (!leave(valuesOf(data), form, year, from)) return notice(word("draft_no_way"));
    return location.assign(`${page.pages}forms/${form}/${year}${page.lang === "en" ? "?lang=en" : ""}`);
  };
  const ask = () => {
    if (!draft(form, year)) return go();
    notice(word("load_replaces"), [word("load_replace"), go]);
    return null;
  };
  const actions = page.embedded ? [] : [[word("go_there"), ask]];
  notice(word("other_form", { title: page.titles[`${form} ${year}`] ?? `${form} ${year}` }), ...actions);
}
