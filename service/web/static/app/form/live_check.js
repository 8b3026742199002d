// From a pause in typing to checked fields and a new preview.
import { worded } from "../shared/errors.js";
import { payload } from "./fields.js";
import { tellKeyWanted } from "../shared/key_dialog.js";
import { Latest } from "../shared/latest_request.js";
import { byId, page, word } from "../shared/page.js";
import { tell } from "./errors_shown.js";

const PAUSE = 400; // ms

export class Flow {
  #client;
  #preview;
  #timer;
  #wanted = new Latest();
  #asked = 0; // how many checks were begun,
  #told = 0; // and which of them was told last

  constructor(client, preview) {
    this.#client = client;
    this.#preview = preview;
    byId("auto").addEventListener("change", () => this.#automatic());
    byId("refresh").addEventListener("click", () => this.refresh());
    document.addEventListener("kexie-key", () => this.refresh());
  }

  /** The form has changed: updates once nothing more changes for a moment. */
  schedule() {
    clearTimeout(this.#timer);
    this.#wanted.end();
    const automatic = byId("auto").checked;
    this.#preview.stale(word(automatic ? "updating" : "outdated"));
    if (automatic) this.#timer = setTimeout(() => this.refresh(), PAUSE);
  }

  /** Checks the form and shows its document, now; a key that this takes is not asked for, but told of. */
  async refresh() {
    clearTimeout(this.#timer);
    const signal = this.#wanted.begin();
    const data = payload();
    try {
      const { errors, warnings } = await this.check(data, { signal, quiet: true });
      signal.throwIfAborted();
      const undrawable = warnings.filter(({ code }) => code === "character_not_drawable");
      if (this.#preview.visible) await this.#preview.update(data, [...errors, ...undrawable]);
    } catch (problem) {
      if (!signal.aborted) this.#tell(problem);
    }
  }

  /** Checks a payload and tells its errors and warnings at their fields, unless a later check was told already.
   *
   * `report` has counts and totals.
   */
  async check(data, options = {}) {
    this.#asked += 1;
    const mine = this.#asked;
    let found;
    try {
      const response = await this.#client.post(`/forms/${page.form}/${page.year}/validate`, data, options);
      const report = await response.json();
      found = { errors: [], warnings: report.warnings, report };
    } catch (problem) {
      if (problem.wantsKey && !options.quiet) this.#tell(problem);
      if (problem.status !== 422) throw problem;
      found = { errors: problem.errors, warnings: [], report: null };
    }
    if (mine > this.#told) {
      this.#told = mine;
      tell(found.errors, found.warnings);
    }
    if (tellKeyWanted(null) && !options.quiet) this.refresh();
    return found;
  }

  #tell(problem) {
    if (problem.wantsKey) {
      tellKeyWanted(problem, () => this.refresh());
      this.#preview.status("");
    } else {
      this.#preview.status(worded(problem));
    }
  }

  #automatic() {
    const automatic = byId("auto").checked;
    byId("refresh").hidden = automatic;
    if (automatic) this.refresh();
    else clearTimeout(this.#timer);
  }
}
