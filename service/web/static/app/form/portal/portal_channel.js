// Messages between an embedded form and its portal, restricted to the portal's origin.
import { paint } from "./theme.js";
import { showPart } from "./visible_part.js";

const RENEWAL = 15_000; // ms for the portal to send another token
const PAUSE = 200; // ms from a change to its report

export class PortalChannel {
  #origin;
  #requests;
  #timer;
  #waiting = null; // receives the requested token
  #typed = false; // whether something was changed since the portal filled the form in or received it
  #unreported = false; // whether the last change was not reported yet

  /** `origin` of the portal, "" if none is allowed.
   *
   * `requests` of the portal by name: `prefill(data)`, `token(text)` for one that was not asked for, and those
   * that `requests.js` has.
   */
  constructor(origin, requests) {
    this.#origin = origin;
    this.#requests = requests;
  }

  /** Reports that the form is ready with the paths that it does not have, and its height on each change. */
  begin(unknown) {
    if (!this.#hasPortal) return;
    window.addEventListener("message", (event) => this.#take(event));
    new ResizeObserver(() => this.#send("height", { height: document.body.offsetHeight })).observe(document.body);
    this.#send("ready", { unknown });
  }

  /** Warns before the page is left with changes that nobody has; `kept`: the portal keeps those reported. */
  warnOnLeaving(kept) {
    window.addEventListener("beforeunload", (event) => {
      if (kept && this.#hasPortal ? this.#unreported : this.#typed) event.preventDefault();
    });
  }

  /** Reports a change after a pause, with what `made()` says of it; `typed`: it is one of the answers.
   *
   * What was typed goes to the portal's element at once: it may load the form again at any time.
   */
  change(made, typed = true) {
    this.#typed ||= typed;
    this.#unreported ||= typed;
    if (typed) this.#send("draft", { draft: made().draft });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#unreported = false;
      this.#send("change", made());
    }, PAUSE);
  }

  /** Asks the portal for another token; resolves to it, or to "" after a timeout. */
  askToken() {
    if (!this.#hasPortal) return Promise.resolve("");
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting(""), RENEWAL);
      this.#waiting = (token) => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve(token);
      };
      this.#send("expired", {});
    });
  }

  /** Reports that the service requires a token. */
  refused() {
    this.#send("refused", {});
  }

  /** Sends payload, report, documents and, if it was archived, the record. */
  submit(made) {
    this.#typed = false;
    this.#send("submit", made);
  }

  get #hasPortal() {
    return Boolean(this.#origin) && window.parent !== window;
  }

  #send(type, more) {
    if (this.#hasPortal) window.parent.postMessage({ kexie: 1, type, ...more }, this.#origin);
  }

  #take({ data, origin, source }) {
    if (source !== window.parent || origin !== this.#origin || data?.kexie !== 1) return;
    if (data.type === "prefill" && data.data && typeof data.data === "object") this.#fill(() => this.#requests.prefill(data.data));
    if (data.type === "theme") this.#send("adjusted", { colours: paint(data.theme ?? {}) });
    if (data.type === "token" && data.token && typeof data.token === "string") (this.#waiting ?? this.#requests.token)(data.token);
    if (data.type === "part") showPart(data);
    if (data.type === "call") this.#answer(data);
  }

  #fill(fill) {
    fill();
    this.#typed = false;
  }

  /** Responds to the call of a method of the portal's element. */
  async #answer({ call, method, given }) {
    let result;
    try {
      result = { value: await this.#requests[method](given) };
    } catch (error) {
      result = { error: { reason: error.reason ?? "failed", message: error.message, errors: error.errors ?? [] } };
    }
    if (method === "restore") this.#typed = false;
    this.#send("result", { call, ...result });
  }
}
