// The portal around an embedded form: messages to it and from it, to and from its origin alone.

const THEME = ["accent", "accent-text", "text", "muted", "background", "surface", "border", "radius", "font"];
const SAFE = /^[\w#%.,() '"+\/-]{1,200}$/; // no address, no further rule

export class Host {
  #origin;
  #fill;
  #timer;

  /** `origin` of the portal, "" where none is allowed; `fill(data)` takes a prefill. */
  constructor(origin, fill) {
    this.#origin = origin;
    this.#fill = fill;
  }

  /** Tells the portal that the form is there, and its height from now on. */
  begin() {
    if (!this.#origin || window.parent === window) return;
    window.addEventListener("message", (event) => this.#take(event));
    new ResizeObserver(() => this.#send("height", { height: document.body.offsetHeight })).observe(document.body);
    this.#send("ready", {});
  }

  /** Tells that the form has changed, once it rests; `payload()` answers what it holds then. */
  change(payload) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send("change", { payload: payload() }), 200);
  }

  /** Hands over payload, report and documents. */
  submit(made) {
    this.#send("submit", made);
  }

  #send(type, more) {
    if (this.#origin && window.parent !== window) window.parent.postMessage({ kexie: 1, type, ...more }, this.#origin);
  }

  #take({ data, origin, source }) {
    if (source !== window.parent || origin !== this.#origin || data?.kexie !== 1) return;
    if (data.type === "prefill" && data.data && typeof data.data === "object") this.#fill(data.data);
    if (data.type === "theme") paint(data.theme ?? {});
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
