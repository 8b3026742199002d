// The way to the API: addresses, language, access key, problems as errors.
import { heldKey, holdKey } from "./keyring.js";
import { element, word } from "./page.js";

/** A problem that the API answered (RFC 9457); `errors` are the faults of the data, if any.
 *
 * `wantsKey`: a key, or another one, may help; `unasked`: none was sent.
 */
export class Problem extends Error {
  constructor(body, status, { key, token, retryAfter }) {
    const unasked = status === 401 && !key && !token;
    super(unasked ? word("key_needed") : body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
    this.retryAfter = retryAfter;
    this.unasked = unasked;
    this.wantsKey = !token && (status === 401 || (status === 403 && this.code === "forbidden"));
  }
}

/** The API under `base`; `askKey(refused)` resolves to an access key, or "" where the person gives none.
 *
 * With a `token` nobody is asked: it stands for the portal that had it made.
 */
export class Client {
  #base;
  #language;
  #askKey;
  #asking = null;
  #token;

  constructor({ base, language, askKey, token = "" }) {
    this.#base = base;
    this.#language = language;
    this.#askKey = askKey;
    this.#token = token;
  }

  /** The response of a request, made again with a key where the service wants one; `quiet` asks for none.
   *
   * Throws Problem.
   */
  async request(path, { quiet = false, ...options } = {}) {
    let key = this.#token || heldKey();
    for (;;) {
      const response = await fetch(this.#base + path, { ...options, headers: this.#headers(key, options.headers) });
      if (response.ok) return response;
      const problem = await this.#problem(response, key);
      if (response.status !== 401 || this.#token) throw problem;
      if (key && heldKey() === key) holdKey("");
      const newer = heldKey() || (quiet ? "" : await this.#ask(key ? problem.message : ""));
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
    return Boolean(this.#token || heldKey());
  }

  #headers(key, more) {
    return { "Accept-Language": this.#language, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...more };
  }

  #ask(refused) {
    this.#asking ??= this.#askKey(refused).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #problem(response, key) {
    const body = await response.json().catch(() => ({}));
    const retryAfter = Number(response.headers.get("Retry-After")) || 0;
    return new Problem(body, response.status, { key, token: this.#token, retryAfter });
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
