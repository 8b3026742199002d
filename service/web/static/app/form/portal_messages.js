// The portal around an embedded form: messages to it and from it, to and from its origin alone.

const THEME = ["accent", "accent-text", "text", "muted", "background", "surface", "border", "radius", "font"];
const RENEWAL = 15_000; // ms that the portal has to give another token
const SAFE = /^[\w#%.,() '"+\/-]{1,200}$/; // no address, no further rule

export class Host {
  #origin;
  #fill;
  #renewed;
  #timer;
  #waiting = null; // takes the token that the portal was asked for

  /** `origin` of the portal, "" where none is allowed; `fill(data)` takes a prefill, `renewed(token)` a token unasked. */
  constructor(origin, fill, renewed) {
    this.#origin = origin;
    this.#fill = fill;
    this.#renewed = renewed;
  }

  /** Tells the portal that the form is there, and its height from now on. */
  begin() {
    if (!this.#heard) return;
    window.addEventListener("message", (event) => this.#take(event));
    new ResizeObserver(() => this.#send("height", { height: document.body.offsetHeight })).observe(document.body);
    this.#send("ready", {});
  }

  /** Tells that the form has changed, once it rests; `payload()` answers what it holds then. */
  change(payload) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send("change", { payload: payload() }), 200);
  }

  /** Asks the portal for another token; resolves to it, or to "" where none comes soon. */
  askToken() {
    if (!this.#heard) return Promise.resolve("");
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

  /** Tells that the service wants a token, and none was given. */
  refused() {
    this.#send("refused", {});
  }

  /** Hands over payload, report and documents. */
  submit(made) {
    this.#send("submit", made);
  }

  get #heard() {
    return Boolean(this.#origin) && window.parent !== window;
  }

  #send(type, more) {
    if (this.#heard) window.parent.postMessage({ kexie: 1, type, ...more }, this.#origin);
  }

  #take({ data, origin, source }) {
    if (source !== window.parent || origin !== this.#origin || data?.kexie !== 1) return;
    if (data.type === "prefill" && data.data && typeof data.data === "object") this.#fill(data.data);
    if (data.type === "theme") paint(data.theme ?? {});
    if (data.type === "token" && data.token && typeof data.token === "string") (this.#waiting ?? this.#renewed)(data.token);
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
