// Messages between an embedded form and its portal, restricted to the portal's origin.

const THEME = ["accent", "accent-text", "text", "muted", "background", "surface", "border", "radius", "font"];
const RENEWAL = 15_000; // ms for the portal to send another token
const SAFE = /^[\w#%.,() '"+\/-]{1,200}$/; // no URLs and no further CSS rules

export class PortalChannel {
  #origin;
  #fill;
  #onToken;
  #timer;
  #waiting = null; // receives the requested token

  /** `origin` of the portal, "" if none is allowed; `fill(data)` gets a prefill, `onToken(token)` an unrequested token. */
  constructor(origin, fill, onToken) {
    this.#origin = origin;
    this.#fill = fill;
    this.#onToken = onToken;
  }

  /** Reports that the form is ready, and its height on each change. */
  begin() {
    if (!this.#hasPortal) return;
    window.addEventListener("message", (event) => this.#take(event));
    new ResizeObserver(() => this.#send("height", { height: document.body.offsetHeight })).observe(document.body);
    this.#send("ready", {});
  }

  /** Reports a change after a pause, with the result of `payload()`. */
  change(payload) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send("change", { payload: payload() }), 200);
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

  /** Sends payload, report and documents. */
  submit(made) {
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
    if (data.type === "prefill" && data.data && typeof data.data === "object") this.#fill(data.data);
    if (data.type === "theme") paint(data.theme ?? {});
    if (data.type === "token" && data.token && typeof data.token === "string") (this.#waiting ?? this.#onToken)(data.token);
  }
}

function paint(theme) {
  const root = document.documentElement;
  for (const name of THEME) {
    const value = String(theme[name] ?? "").trim();
    if (value && SAFE.test(value) && !/url\(|expression/i.test(value)) root.style.setProperty(`--${name}`, value);
  }
  if (theme.scheme === "light") root.dataset.scheme = "light";
}
