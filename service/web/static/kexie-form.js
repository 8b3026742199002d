/* <kexie-form form="annex2" year="2021" token="…" lang="en">: an official form inside any page.
 *
 * Property `data`, or attribute `data` in JSON: what to fill in. CSS custom properties --kexie-accent,
 * --kexie-accent-text, --kexie-text, --kexie-muted, --kexie-background, --kexie-surface, --kexie-border,
 * --kexie-radius, --kexie-font, --kexie-scheme (light): its looks. Events: kexie-ready, kexie-change
 * (detail: form, year, payload), kexie-submit (detail: form, year, payload, report, documents; each of
 * documents.docx and documents.pdf has name, blob and url).
 */
(() => {
  "use strict";
  const base = new URL("..", document.currentScript.src);
  const THEME = ["accent", "accent-text", "text", "muted", "background", "surface", "border", "radius", "font", "scheme"];

  class KexieForm extends HTMLElement {
    static observedAttributes = ["form", "year", "token", "lang", "data"];
    #frame = null;
    #data;
    #ready = false;
    #urls = [];
    #take = (event) => this.#message(event);

    connectedCallback() {
      window.addEventListener("message", this.#take);
      this.#load();
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.#take);
      this.#release();
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, after) {
      if (!this.#frame || before === after) return;
      if (name === "data") this.#prefill();
      else this.#load();
    }

    /** The payload to fill in; reading it gives what was set, not what is typed. */
    get data() {
      if (this.#data !== undefined) return this.#data;
      return this.hasAttribute("data") ? JSON.parse(this.getAttribute("data")) : undefined;
    }

    set data(payload) {
      this.#data = payload;
      this.#prefill();
    }

    #load() {
      if (!this.getAttribute("form") || !this.getAttribute("year")) return;
      const address = new URL(`embed/${this.getAttribute("form")}/${this.getAttribute("year")}`, base);
      const token = this.getAttribute("token");
      if (token) address.searchParams.set("token", token);
      else address.searchParams.set("origin", location.origin);
      if (this.getAttribute("lang")?.startsWith("en")) address.searchParams.set("lang", "en");
      this.#ready = false;
      this.#frame?.remove();
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.getAttribute("aria-label") || "科协表单";
      this.#frame.allow = "clipboard-write";
      Object.assign(this.#frame.style, { display: "block", width: "100%", height: "600px", border: "0" });
      this.#frame.src = address;
      if (getComputedStyle(this).display === "inline") this.style.display = "block";
      this.append(this.#frame);
    }

    #message({ data, origin, source }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== base.origin || data?.kexie !== 1) return;
      if (data.type === "ready") this.#begin();
      if (data.type === "height") this.#frame.style.height = `${Math.ceil(Number(data.height)) || 600}px`;
      if (data.type === "change") this.#raise("kexie-change", { payload: data.payload });
      if (data.type === "submit") this.#submitted(data);
    }

    #begin() {
      this.#ready = true;
      this.#send({ type: "theme", theme: this.#theme() });
      this.#prefill();
      this.#raise("kexie-ready", {});
    }

    #theme() {
      const style = getComputedStyle(this);
      const found = THEME.map((name) => [name, style.getPropertyValue(`--kexie-${name}`).trim()]);
      return Object.fromEntries(found.filter(([, value]) => value));
    }

    #prefill() {
      const { data } = this;
      if (this.#ready && data) this.#send({ type: "prefill", data });
    }

    #send(message) {
      this.#frame.contentWindow.postMessage({ kexie: 1, ...message }, base.origin);
    }

    #submitted({ payload, report, documents }) {
      this.#release();
      const linked = Object.entries(documents).map(([format, { name, blob }]) => {
        const url = URL.createObjectURL(blob);
        this.#urls.push(url);
        return [format, { name, blob, url }];
      });
      this.#raise("kexie-submit", { payload, report, documents: Object.fromEntries(linked) });
    }

    #release() {
      for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
    }

    #raise(name, more) {
      const detail = { form: this.getAttribute("form"), year: Number(this.getAttribute("year")), ...more };
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }

  customElements.define("kexie-form", KexieForm);
})();
