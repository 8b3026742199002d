/* <kexie-form form="…" year="2021" token="…">: an official form inside any page (docs/guide/embedding.md).
 * Its parts in the folder `kexie-form` beside this file are loaded by it. */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const base = new URL("..", script);
  const part = (name) => import(new URL(`kexie-form/${name}.js`, script).href);
  const failing = part("failure");
  const loading = Promise.all([part("calls"), part("files"), part("theme"), part("visible_part")]).then((all) => Object.assign({}, ...all));
  const READY_TIMEOUT = 5_000; // ms from the frame's load to the form's first message, which normally precedes it
  const LOAD_TIMEOUT = 30_000; // ms until the frame's load
  // Attributes that the address of the form takes, by their names there.
  const IN_ADDRESS = { "readonly-fields": "readonly_fields", "hidden-fields": "hidden_fields", "required-fields": "required_fields", buttons: "buttons" };
  const FLAGS = { steps: "steps", "keeps-draft": "keeps_draft" };

  class KexieForm extends HTMLElement {
    static observedAttributes = ["form", "year", "token", "lang", "data", ...Object.keys(IN_ADDRESS), ...Object.keys(FLAGS)];
    #frame = null;
    #data; // undefined if there are none; what is no object is reported
    #connected = false;
    #ready = false;
    #opening = deferred();
    #draft = null; // as the form reported it last, for when it has to be loaded again
    #submission = null; // the detail of the last kexie-submit
    #calls = null; // the calls of methods of the open form
    #following = []; // functions that end what follows the page
    #deadline;
    #errorBox = null;
    #listener = (event) => this.#message(event);

    connectedCallback() {
      this.#connected = true;
      window.addEventListener("message", this.#listener);
      for (const name of /** @type {any[]} */ (["data", "token"])) {
        if (!Object.hasOwn(this, name)) continue; // else it was set before the element was defined
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
      this.#load();
    }

    disconnectedCallback() {
      this.#connected = false;
      window.removeEventListener("message", this.#listener);
      if (this.#submission) loading.then(({ release }) => release(this.#submission.documents));
      this.#clear();
      this.#close();
    }

    attributeChangedCallback(name, before, after) {
      if (before === after) return;
      if (name === "data") this.data = after === null ? undefined : parsed(after);
      else if (name === "token" && after && this.#ready) this.#send({ type: "token", token: after });
      else if (this.#connected) this.#load({ isOther: name === "form" || name === "year" });
    }

    /** The payload to prefill; reading it returns the value set, not the typed data. */
    get data() {
      return isObject(this.#data) ? this.#data : undefined;
    }

    set data(payload) {
      this.#data = payload;
      this.#prefill();
    }

    get token() {
      return this.getAttribute("token");
    }

    set token(token) {
      this.setAttribute("token", token);
    }

    check() {
      return this.#call("check");
    }

    async submit() {
      await this.#call("submit");
      return this.#submission;
    }

    async download(format) {
      const file = await this.#call("download", format);
      (await loading).save(file);
      return file;
    }

    restore(draft) {
      return this.#call("restore", draft);
    }

    /** Calls a method of the form once it is open. */
    async #call(method, given) {
      await this.#opening.promise;
      return this.#calls.call(method, given);
    }

    get #address() {
      const address = new URL(`embed/${this.getAttribute("form")}/${this.getAttribute("year")}`, base);
      const said = { token: this.token, origin: this.token ? "" : location.origin, lang: this.#english ? "en" : "" };
      for (const [attribute, name] of Object.entries(IN_ADDRESS)) said[name] = this.getAttribute(attribute);
      for (const [attribute, name] of Object.entries(FLAGS)) said[name] = this.hasAttribute(attribute) ? "true" : null;
      for (const [name, value] of Object.entries(said)) if (value) address.searchParams.set(name, value);
      return address;
    }

    /** Loads the form; what was typed is filled in again, unless it is another form. */
    #load({ isOther = false } = {}) {
      if (!this.getAttribute("form") || !this.getAttribute("year")) return;
      if (isOther) this.#draft = null;
      this.#clear();
      this.#close();
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.getAttribute("aria-label") || "科协表单";
      Object.assign(this.#frame.style, { display: "block", width: "100%", height: "600px", border: "0" });
      this.#frame.src = this.#address;
      if (getComputedStyle(this).display === "inline") this.style.display = "block";
      this.#frame.addEventListener("load", () => this.#startTimeout(READY_TIMEOUT));
      this.#startTimeout(LOAD_TIMEOUT);
      this.append(this.#frame);
    }

    #close() {
      if (this.#ready) this.#opening = deferred();
      this.#ready = false;
      for (const end of this.#following.splice(0)) end();
      this.#calls?.close();
      this.#frame?.remove();
      this.#frame = null;
    }

    get #english() {
      return Boolean(this.getAttribute("lang")?.startsWith("en"));
    }

    /** Detects a blocked frame, which looks like any other but sends no message. */
    #startTimeout(milliseconds) {
      clearTimeout(this.#deadline);
      if (!this.#ready) this.#deadline = setTimeout(() => this.#fail(), milliseconds);
    }

    async #fail() {
      const silent = this.#frame;
      const { errorBox, isReachable, words } = await failing;
      const reason = await isReachable(new URL("icon.svg", script), READY_TIMEOUT) ? "refused" : "unreachable";
      if (this.#ready || this.#errorBox || this.#frame !== silent) return;
      const said = words(this.#english);
      this.#frame.style.display = "none";
      this.#errorBox = errorBox(said.title, said[reason], said.again, () => {
        this.#load();
        this.#frame.focus();
      });
      this.append(this.#errorBox);
      this.#emit("kexie-error", { reason, message: `${said.title}${said.stop}${said[reason]}` });
    }

    #clear() {
      clearTimeout(this.#deadline);
      this.#errorBox?.remove();
      this.#errorBox = null;
    }

    /** Reports what the portal's developer has to correct. */
    async #report(reason, which, names = []) {
      const said = (await failing).words(this.#english);
      this.#emit("kexie-error", { reason, message: said[which] + names.join(said.between) });
    }

    #message({ data, origin, source }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== base.origin || data?.kexie !== 1) return;
      if (data.type === "ready") this.#begin(data.unknown ?? []);
      if (data.type === "height") this.#frame.style.height = `${Math.ceil(Number(data.height)) || 600}px`;
      if (data.type === "draft") this.#draft = data.draft;
      if (data.type === "change") this.#changed(data);
      if (data.type === "expired") this.#emit("kexie-expired", {});
      if (data.type === "refused") this.#report("refused", "token");
      if (data.type === "submit") this.#submitted(data);
      if (data.type === "result") this.#calls.take(data);
      if (data.type === "adjusted") for (const { name, given, used } of data.colours) console.warn(`--kexie-${name}: ${given} does not stand out enough; ${used} is used.`);
    }

    #begin(unknown) {
      this.#ready = true;
      this.#clear();
      this.#frame.style.display = "block";
      this.#follow(this.#frame).catch(this.#opening.reject);
      this.#prefill();
      if (this.#draft) this.#send({ type: "call", method: "restore", given: this.#draft });
      this.#emit("kexie-ready", {});
      if (unknown.length) this.#report("fields", "fields", unknown);
    }

    async #follow(frame) {
      const { Calls, followPart, followTheme } = await loading;
      if (this.#frame !== frame) return;
      this.#calls = new Calls((message) => this.#send(message));
      this.#opening.resolve();
      this.#following.push(followTheme(this, (theme) => this.#send({ type: "theme", theme })), followPart(frame, (seen) => this.#send({ type: "part", ...seen })));
    }

    #prefill() {
      if (!this.#ready || this.#data === undefined) return;
      if (isObject(this.#data)) this.#send({ type: "prefill", data: this.#data });
      else this.#report("data", "data");
    }

    #send(message) {
      this.#frame.contentWindow.postMessage({ kexie: 1, ...message }, base.origin);
    }

    #changed({ payload, draft }) {
      this.#draft = draft;
      this.#emit("kexie-change", { payload, draft });
    }

    async #submitted({ payload, report, documents, record }) {
      const { linked, release } = await loading;
      if (this.#submission) release(this.#submission.documents);
      this.#submission = this.#emit("kexie-submit", { payload, report, documents: linked(documents), ...(record ? { record } : {}) });
    }

    #emit(name, more) {
      const detail = { form: this.getAttribute("form"), year: Number(this.getAttribute("year")), ...more };
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
      return detail;
    }
  }

  const isObject = (found) => found !== null && typeof found === "object" && !Array.isArray(found);

  function parsed(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  /** A promise and what settles it. */
  function deferred() {
    const made = /** @type {any} */ ({});
    made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
    return made;
  }

  customElements.define("kexie-form", KexieForm);
})();
