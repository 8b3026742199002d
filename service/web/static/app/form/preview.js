// The preview: a page of the real document, shown until the next one is ready.
import { messageOf } from "../shared/errors.js";
import { Latest, swap } from "../shared/latest_request.js";
import { form } from "./fields.js";
import { faultyFields, previewMade } from "./feedback/preview_note.js";
import { byId, disable, elementOf, page, word } from "../shared/page.js";
import { without } from "./payload.js";

const ZOOMS = [50, 75, 100, 125, 150, 200, 300];
const TRIES = 4;

export class Preview {
  #client;
  #image = byId("page");
  #number = 1; // the page shown
  #aim = 1; // the page requested
  #pages = 0;
  #zoom = 2;
  #wanted = new Latest();
  #again;
  #payload; // of the document shown
  #places = null; // a promise of the places of the fields, or of nothing: their script is loaded when one is in use

  /** `again(): void` requests an update after a page turn. */
  constructor(client, again) {
    this.#client = client;
    this.#again = again;
    byId("previous").addEventListener("click", () => this.#turn(-1));
    byId("next").addEventListener("click", () => this.#turn(1));
    byId("zoom-in").addEventListener("click", () => this.#zoomBy(1));
    byId("zoom-out").addEventListener("click", () => this.#zoomBy(-1));
    byId("page").title = word("click_to_field");
    byId("page").addEventListener("click", ({ offsetX, offsetY }) => this.#findPlaces((places) => places.clicked(offsetX, offsetY)));
    form.addEventListener("focusin", (event) => this.#findPlaces((places) => places.entered(elementOf(event))));
    this.#showPlace();
  }

  /** The payload of the document shown; undefined before the first one. */
  get payload() {
    return this.#payload;
  }

  /** The number of the page shown. */
  get page() {
    return this.#number;
  }

  /** Whether it turns to the field in use. */
  get following() {
    return this.visible && byId("auto").checked;
  }

  get visible() {
    return byId("preview").offsetParent !== null;
  }

  status(text) {
    const place = byId("preview-status");
    if (place.textContent !== text) place.textContent = text; // avoids repeated announcements
  }

  /** The form has changed: aborts the outdated update. */
  stale(text) {
    this.#wanted.end();
    this.#places?.then((places) => places?.stale());
    byId("preview").removeAttribute("aria-busy");
    this.status(text);
  }

  /** Shows the document of a payload without the fields named by `errors`. Aborts earlier calls. */
  async update(payload, errors) {
    const signal = this.#wanted.begin();
    this.status(word("updating"));
    byId("preview").setAttribute("aria-busy", "true");
    try {
      const { response, shown, left } = await this.#fetch(payload, errors, signal);
      const number = this.#aim;
      await swap(this.#image, await response.blob(), signal);
      signal.throwIfAborted();
      this.#pages = Number(response.headers.get("X-Page-Count"));
      this.#turned(number);
      this.#payload = shown;
      this.#places?.then((places) => places?.renewed());
      previewMade(left, payload);
      this.status(word("up_to_date"));
    } catch (problem) {
      if (!signal.aborted) throw problem;
    } finally {
      if (!signal.aborted) byId("preview").removeAttribute("aria-busy");
    }
  }

  /** Shows why there is no document. */
  failed(problem) {
    this.#turned(this.#number);
    this.status(`${word("preview_failed")} ${messageOf(problem)}`);
  }

  /** @param {(places: import("./field_places.js").FieldPlaces) => void} act */
  #findPlaces(act) {
    const load = async () => new (await import("./field_places.js")).FieldPlaces(this.#client, this);
    this.#places ??= load().catch(() => { this.#places = null; });
    this.#places.then((places) => { if (places) act(places); });
  }

  async #fetch(payload, errors, signal) {
    const left = [...errors];
    let last;
    for (let tries = 0; tries < TRIES; tries += 1) {
      try {
        const shown = without(payload, left.flatMap((error) => faultyFields(error, payload)).map(({ pointer }) => pointer));
        const response = await this.#client.post(this.#address(), shown, { signal, quiet: true });
        return { response, shown, left };
      } catch (problem) {
        last = problem;
        if (problem.status === 422 && problem.errors.length) left.push(...problem.errors);
        else if (problem.status === 400 && this.#aim > 1) this.#aim = 1;
        else if (problem.retryAfter) await pause(problem.retryAfter, signal);
        else throw problem;
      }
    }
    throw last;
  }

  #address() {
    return `/forms/${page.form}/${page.year}/documents?format=png&page=${this.#aim}`;
  }

  #turned(number) {
    if (number !== this.#number) byId("paper").scrollTop = 0;
    this.#number = number;
    this.#aim = number;
    this.#showPlace();
  }

  /** Turns to a page. */
  turnTo(number) {
    this.#turn(number - this.#aim);
  }

  #turn(step) {
    const number = this.#aim + step;
    if (step === 0 || number < 1 || number > this.#pages) return;
    this.#aim = number;
    this.#showPlace();
    this.#again();
  }

  #zoomBy(step) {
    this.#zoom = Math.min(Math.max(this.#zoom + step, 0), ZOOMS.length - 1);
    this.#showPlace();
  }

  #showPlace() {
    const percent = ZOOMS[this.#zoom];
    byId("leaf").style.width = `${percent}%`;
    this.#image.alt = word("preview_page", { page: this.#number, count: this.#pages });
    byId("zoom-level").textContent = `${percent}%`;
    byId("page-of").textContent = this.#pages ? word("page_of", { page: this.#number, count: this.#pages }) : "";
    disable(byId("previous"), this.#aim <= 1);
    disable(byId("next"), this.#aim >= this.#pages);
    disable(byId("zoom-out"), this.#zoom === 0);
    disable(byId("zoom-in"), this.#zoom === ZOOMS.length - 1);
  }
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => { clearTimeout(timer); reject(signal.reason); }, { once: true });
  });
}
