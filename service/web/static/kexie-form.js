/* <kexie-form form="…" year="2021" token="…" lang="en">: an official form inside any page.
 *
 * Attributes
 *   form, year  the edition
 *   lang        "en" for English, else Chinese
 *   token       embed token; a new one replaces the old one while the form is open, and keeps the input
 *   data        prefill payload, in JSON
 *
 * Properties
 *   token       as the attribute
 *   data        prefill payload, an object
 *
 * Events; each detail contains form and year
 *   kexie-ready    the form is open
 *   kexie-change   detail.payload
 *   kexie-submit   detail.payload, report, documents; documents.docx and documents.pdf have name, blob and url
 *   kexie-expired  the form waits for a new token
 *   kexie-error    detail.reason, message; reason is
 *                  "refused": the form was not opened, or is open without the token that the service requires
 *                  "unreachable": the service does not respond
 *                  "data": the prefill payload is not a JSON object
 *
 * CSS custom properties
 *   --kexie-accent, --kexie-accent-text, --kexie-text, --kexie-muted, --kexie-background, --kexie-surface,
 *   --kexie-border, --kexie-radius, --kexie-font, --kexie-scheme (light)
 */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const base = new URL("..", script);
  const THEME = ["accent", "accent-text", "text", "muted", "background", "surface", "border", "radius", "font", "scheme"];
  const READY_TIMEOUT = 5_000; // ms from the frame's load to the form's first message, which normally precedes it
  const LOAD_TIMEOUT = 30_000; // ms until the frame's load
  const WORDS = {
    zh: {
      title: "表单未能打开",
      refused: "请重试。若仍打不开，请告诉本网站的管理员：表单服务可能没有允许本网站嵌入，或者令牌已失效。",
      unreachable: "暂时连接不上表单服务。请检查网络，稍后重试。",
      token: "表单服务要求令牌，而本网站没有提供：表单只能填写，无法预览、下载和提交。",
      data: "预填的数据不是 JSON 对象，没有填入。",
      again: "重试",
    },
    en: {
      title: "The form could not be opened",
      refused: "Try again. If it still does not open, tell the administrator of this site: the form service may not allow this site to show the form, or the token is no longer valid.",
      unreachable: "The form service cannot be reached at the moment. Check the network, and try again later.",
      token: "The form service asks for a token, and this site has given none: the form can be filled in, but not previewed, downloaded or submitted.",
      data: "The data to fill in are no JSON object: nothing was filled in.",
      again: "Try again",
    },
  };

  class KexieForm extends HTMLElement {
    static observedAttributes = ["form", "year", "token", "lang", "data"];
    #frame = null;
    #data;
    #invalidData = false; // the attribute holds invalid data
    #ready = false;
    #urls = [];
    #deadline;
    #errorBox = null;
    #listener = (event) => this.#message(event);

    connectedCallback() {
      window.addEventListener("message", this.#listener);
      for (const name of ["data", "token"]) this.#upgradeProperty(name);
      this.#load();
    }

    /** Reapplies a property that was set before the element was defined. */
    #upgradeProperty(name) {
      if (!Object.hasOwn(this, name)) return;
      const value = this[name];
      delete this[name];
      this[name] = value;
    }

    disconnectedCallback() {
      window.removeEventListener("message", this.#listener);
      this.#release();
      this.#clear();
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, after) {
      if (before === after) return;
      if (name === "data") this.#parse(after);
      else if (name === "token" && after && this.#ready) this.#send({ type: "token", token: after });
      else if (this.#frame) this.#load();
    }

    /** The payload to prefill; reading it returns the value set, not the typed data. */
    get data() {
      return this.#data;
    }

    set data(payload) {
      this.#data = payload;
      this.#invalidData = false;
      this.#prefill();
    }

    #parse(text) {
      let found;
      try {
        found = text === null ? undefined : JSON.parse(text);
      } catch {
        found = null;
      }
      this.#data = isObject(found) ? found : undefined;
      this.#invalidData = found !== undefined && !isObject(found);
      this.#prefill();
    }

    get token() {
      return this.getAttribute("token");
    }

    set token(token) {
      this.setAttribute("token", token);
    }

    #load() {
      if (!this.getAttribute("form") || !this.getAttribute("year")) return;
      const address = new URL(`embed/${this.getAttribute("form")}/${this.getAttribute("year")}`, base);
      const token = this.getAttribute("token");
      if (token) address.searchParams.set("token", token);
      else address.searchParams.set("origin", location.origin);
      if (this.#english) address.searchParams.set("lang", "en");
      this.#ready = false;
      this.#clear();
      this.#frame?.remove();
      this.#frame = document.createElement("iframe");
      this.#frame.title = this.getAttribute("aria-label") || "科协表单";
      Object.assign(this.#frame.style, { display: "block", width: "100%", height: "600px", border: "0" });
      this.#frame.src = address;
      if (getComputedStyle(this).display === "inline") this.style.display = "block";
      this.#frame.addEventListener("load", () => this.#startTimeout(READY_TIMEOUT));
      this.#startTimeout(LOAD_TIMEOUT);
      this.append(this.#frame);
    }

    get #english() {
      return Boolean(this.getAttribute("lang")?.startsWith("en"));
    }

    get #words() {
      return this.#english ? WORDS.en : WORDS.zh;
    }

    /** Detects a blocked frame, which looks like any other but sends no message. */
    #startTimeout(milliseconds) {
      clearTimeout(this.#deadline);
      if (!this.#ready) this.#deadline = setTimeout(() => this.#fail(), milliseconds);
    }

    async #fail() {
      const silent = this.#frame;
      const reason = await isReachable() ? "refused" : "unreachable";
      if (this.#ready || this.#errorBox || this.#frame !== silent) return;
      const words = this.#words;
      this.#frame.style.display = "none";
      this.#errorBox = errorBox(words.title, words[reason], words.again, () => this.#retry());
      this.append(this.#errorBox);
      this.#emit("kexie-error", { reason, message: `${words.title}${this.#english ? ". " : "。"}${words[reason]}` });
    }

    #retry() {
      this.#load();
      this.#frame.focus();
    }

    #clear() {
      clearTimeout(this.#deadline);
      this.#errorBox?.remove();
      this.#errorBox = null;
    }

    #message({ data, origin, source }) {
      if (!this.#frame || source !== this.#frame.contentWindow || origin !== base.origin || data?.kexie !== 1) return;
      if (data.type === "ready") this.#begin();
      if (data.type === "height") this.#frame.style.height = `${Math.ceil(Number(data.height)) || 600}px`;
      if (data.type === "change") this.#emit("kexie-change", { payload: data.payload });
      if (data.type === "expired") this.#emit("kexie-expired", {});
      if (data.type === "refused") this.#emit("kexie-error", { reason: "refused", message: this.#words.token });
      if (data.type === "submit") this.#submitted(data);
    }

    #begin() {
      this.#ready = true;
      this.#clear();
      this.#frame.style.display = "block";
      this.#send({ type: "theme", theme: this.#theme() });
      this.#prefill();
      this.#emit("kexie-ready", {});
    }

    #theme() {
      const style = getComputedStyle(this);
      const found = THEME.map((name) => [name, style.getPropertyValue(`--kexie-${name}`).trim()]);
      return Object.fromEntries(found.filter(([, value]) => value));
    }

    #prefill() {
      if (!this.#ready) return;
      if (this.#data) this.#send({ type: "prefill", data: this.#data });
      if (this.#invalidData) this.#emit("kexie-error", { reason: "data", message: this.#words.data });
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
      this.#emit("kexie-submit", { payload, report, documents: Object.fromEntries(linked) });
    }

    #release() {
      for (const url of this.#urls.splice(0)) URL.revokeObjectURL(url);
    }

    #emit(name, more) {
      const detail = { form: this.getAttribute("form"), year: Number(this.getAttribute("year")), ...more };
      this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }

  const isObject = (found) => found !== null && typeof found === "object" && !Array.isArray(found);

  /** Whether the service is reachable from this browser. */
  async function isReachable() {
    try {
      await fetch(new URL("icon.svg", script), { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(READY_TIMEOUT) });
      return true;
    } catch {
      return false;
    }
  }

  function errorBox(title, text, again, retry) {
    const box = document.createElement("div");
    const heading = document.createElement("strong");
    const what = document.createElement("p");
    const button = document.createElement("button");
    heading.textContent = title;
    what.textContent = text;
    button.textContent = again;
    button.type = "button";
    button.addEventListener("click", retry);
    box.setAttribute("role", "alert");
    Object.assign(box.style, { padding: "1rem", border: "1px solid var(--kexie-border, #cfd6de)", borderRadius: "var(--kexie-radius, 4px)", fontFamily: "var(--kexie-font, inherit)" });
    what.style.margin = "0.5rem 0";
    box.append(heading, what, button);
    return box;
  }

  customElements.define("kexie-form", KexieForm);
})();
