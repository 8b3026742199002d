// The way to the API: addresses, language, access key, problems as errors.
import { element } from "./page.js";

/** A problem that the API answered (RFC 9457); `errors` are the faults of the data, if any. */
export class Problem extends Error {
  constructor(body, status, retryAfter) {
    super(body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
    this.retryAfter = retryAfter;
  }
}

/** The API under `base`; `askKey(again)` resolves to an access key, or "" where the person gives none. */
export class Client {
  #base;
  #language;
  #askKey;
  #asking = null;
  #key;

  constructor({ base, language, askKey, key = "" }) {
    this.#base = base;
    this.#language = language;
    this.#askKey = askKey;
    this.#key = key;
  }

  /** The response of a request, asked for again with a key where the service wants one. Throws Problem. */
  async request(path, options = {}) {
    let key = this.#currentKey();
    for (;;) {
      const response = await fetch(this.#base + path, { ...options, headers: this.#headers(key, options.headers) });
      if (response.ok) return response;
      const problem = await this.#problem(response);
      if (response.status !== 401) throw problem;
      const newer = this.#currentKey() !== key ? this.#currentKey() : await this.#ask(Boolean(key));
      if (!newer) throw problem;
      key = newer;
    }
  }

  /** POSTs JSON. */
  post(path, payload, options = {}) {
    const headers = { "Content-Type": "application/json", ...options.headers };
    return this.request(path, { ...options, method: "POST", body: JSON.stringify(payload), headers });
  }

  /** Whether there is a key that requests are sent with. */
  get keyed() {
    return Boolean(this.#currentKey());
  }

  #currentKey() {
    return this.#key || remembered();
  }

  #headers(key, more) {
    return { "Accept-Language": this.#language, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...more };
  }

  async #ask(again) {
    this.#asking ??= this.#askKey(again).finally(() => { this.#asking = null; });
    const key = await this.#asking;
    if (key) this.#key = remember(key) ? "" : key;
    return key;
  }

  async #problem(response) {
    const body = await response.json().catch(() => ({}));
    return new Problem(body, response.status, Number(response.headers.get("Retry-After")) || 0);
  }
}

// A browser that keeps nothing for frames of other sites throws at the very mention of sessionStorage.
function remembered() {
  try {
    return sessionStorage.getItem("kexie:key") ?? "";
  } catch {
    return "";
  }
}

function remember(key) {
  try {
    sessionStorage.setItem("kexie:key", key);
    return true;
  } catch {
    return false;
  }
}

/** The Chinese file name that a response gives its document (RFC 8187). */
export function fileName(response, otherwise) {
  const found = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") || "");
  return found ? decodeURIComponent(found[1]) : otherwise;
}

/** Saves bytes as a file of the person's. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
