// Validates the form and updates the preview after a pause in typing.
import { Unreachable, forPeople } from "../shared/errors.js";
import { elementAt, isReadonly, payload } from "./fields.js";
import { showKeyWanted } from "../shared/key_dialog.js";
import { Latest } from "../shared/latest_request.js";
import { byId, page, word } from "../shared/page.js";
import { showErrors } from "./feedback/error_display.js";
import { incompleteDates } from "./feedback/incomplete_dates.js";

const PAUSE = 400; // ms
const RETRY = 5_000; // ms after which an unreachable service is asked again

export class LiveCheck {
  #blank;
  #client;
  #preview;
  #timer;
  #wanted = new Latest();
  #started = 0; // number of the last check started
  #shown = 0; // number of the last check shown

  /** `blank(payload, errors)` are errors that the service does not report: what a page around the form requires. */
  constructor(client, preview, blank = () => []) {
    this.#blank = blank;
    this.#client = client;
    this.#preview = preview;
    byId("auto").addEventListener("change", () => this.#automatic());
    byId("refresh").addEventListener("click", () => this.refresh());
    document.addEventListener("kexie-key", () => this.refresh());
    window.addEventListener("online", () => this.refresh());
  }

  /** The form has changed: updates after a pause. */
  schedule() {
    clearTimeout(this.#timer);
    this.#wanted.end();
    const automatic = byId("auto").checked;
    this.#preview.stale(word(automatic ? "updating" : "outdated"));
    if (automatic) this.#timer = setTimeout(() => this.refresh(), PAUSE);
  }

  /** Checks the form and updates the preview now; shows that a key is needed instead of asking for it. */
  async refresh() {
    clearTimeout(this.#timer);
    const signal = this.#wanted.begin();
    const data = payload();
    try {
      const { errors, warnings } = await this.check(data, { signal, quiet: true });
      signal.throwIfAborted();
      const undrawable = warnings.filter(({ code }) => code === "character_not_drawable");
      const wrong = errors.filter(({ code }) => code !== "required"); // the preview is of what there is
      if (this.#preview.visible) await this.#preview.update(data, [...wrong, ...undrawable]);
    } catch (problem) {
      if (!signal.aborted) this.#showProblem(problem);
    }
  }

  /** Checks a payload and shows its errors and warnings, unless a later check was already shown.
   *
   * `report` has counts and totals.
   */
  async check(data, options = {}) {
    this.#started += 1;
    const mine = this.#started;
    let found;
    try {
      const response = await this.#client.post(`/forms/${page.form}/${page.year}/validate`, data, options);
      const report = await response.json();
      found = { errors: [], warnings: forPeople(report.warnings), report, remarks: report };
    } catch (problem) {
      if (problem.wantsKey && !options.quiet) this.#showProblem(problem);
      if (problem.status !== 422) throw problem;
      found = { errors: problem.errors, warnings: [], report: null, remarks: problem.remarks };
    }
    const incomplete = incompleteDates();
    const errors = [...incomplete, ...found.errors.filter((error) => !incomplete.some(({ pointer }) => pointer === error.pointer))];
    found.errors = [...this.#blank(data, errors), ...errors];
    const listed = ({ pointer }) => !isReadonly(elementAt(pointer)) && !incomplete.some((date) => date.pointer === pointer);
    found.remarks = found.remarks && { ...found.remarks, missing: found.remarks.missing.filter(listed) };
    if (mine > this.#shown) {
      this.#shown = mine;
      showErrors(found.errors, found.warnings, found.remarks);
    }
    if (showKeyWanted(null) && !options.quiet) this.refresh();
    return found;
  }

  #showProblem(problem) {
    if (problem.wantsKey) {
      showKeyWanted(problem, () => this.refresh());
      this.#preview.status("");
    } else {
      this.#preview.failed(problem);
    }
    if (problem instanceof Unreachable && byId("auto").checked) this.#timer = setTimeout(() => this.refresh(), RETRY);
  }

  #automatic() {
    const automatic = byId("auto").checked;
    byId("refresh").hidden = automatic;
    if (automatic) this.refresh();
    else clearTimeout(this.#timer);
  }
}
