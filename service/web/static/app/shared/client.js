// API client: base URL, language, access key, problems as errors.
import { Problem, Unreachable } from "./errors.js";
import { heldKey, holdKey } from "./key_storage.js";
import { element, page } from "./page.js";

/** The API under `base`, and addresses with a host; `askKey(refused)` resolves to an access key, or "" if none is given.
 *
 * With a `token` ("" for none yet) `askKey` asks the portal for another token.
 */
export class Client {
  #base;
  #language;
  #askKey;
  #asking = null;
  #token;

  /** @param {{ base: string, language: string, askKey: (refused?: string) => Promise<string>, token?: string }} options */
  constructor({ base, language, askKey, token }) {
    this.#base = base;
    this.#language = language;
    this.#askKey = askKey;
    this.#token = token;
  }

  /** Sends a request and returns the complete response; retries with a key on demand unless `quiet`.
   *
   * `streamed`: returns when the response begins. `timeout` in ms, 0 for none. Throws Problem or Unreachable.
   * @param {string} path
   * @param {RequestInit & { quiet?: boolean, streamed?: boolean, timeout?: number }} [options]
   */
  async request(path, { quiet = false, ...options } = {}) {
    let key = this.#token ?? heldKey();
    for (let tries = 1; ; tries += 1) {
      const response = await this.#fetch(path, { ...options, headers: this.#headers(key, options.headers) });
      if (response.ok || isPage(response)) return response;
      const problem = await this.#problem(response, key);
      if (response.status !== 401) throw problem;
      const newer = this.#embedded ? tries === 1 && await this.#otherToken(key) : await this.#otherKey(key, problem, quiet);
      if (!newer) throw problem;
      key = newer;
    }
  }

  /** POSTs JSON. */
  post(path, payload, options = {}) {
    const headers = { "Content-Type": "application/json", ...options.headers };
    return this.request(path, { ...options, method: "POST", body: JSON.stringify(payload), headers });
  }

  /** Whether requests are sent with a key. */
  get keyed() {
    return Boolean(this.#token ?? heldKey());
  }

  get #embedded() {
    return this.#token !== undefined;
  }

  /**
   * @param {string} path
   * @param {RequestInit & { streamed?: boolean, timeout?: number }} options
   */
  async #fetch(path, { signal, streamed = false, timeout = page.timeout, ...options }) {
    const ended = new AbortController();
    const end = () => ended.abort();
    const timer = timeout && setTimeout(end, timeout);
    if (signal?.aborted) end();
    signal?.addEventListener("abort", end, { once: true });
    try {
      const response = await fetch(/^https?:/.test(path) ? path : this.#base + path, { ...options, signal: ended.signal });
      return streamed || !response.body || response.status === 204 ? response : await whole(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw new Unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  #headers(key, more) {
    return { "Accept-Language": this.#language, ...(key ? { Authorization: `Bearer ${key}` } : {}), ...more };
  }

  async #otherKey(key, problem, quiet) {
    if (key && heldKey() === key) holdKey("");
    return heldKey() || (quiet ? "" : await this.#ask(key ? problem.message : ""));
  }

  async #otherToken(token) {
    if (this.#token === token) this.#token = await this.#ask() || token;
    return this.#token === token ? "" : this.#token;
  }

  #ask(refused) {
    this.#asking ??= this.#askKey(refused).finally(() => { this.#asking = null; });
    return this.#asking;
  }

  async #problem(response, key) {
    const body = await response.json().catch(() => ({}));
    const retryAfter = Number(response.headers.get("Retry-After")) || 0;
    return new Problem(body, response.status, { key, embedded: this.#embedded, retryAfter });
  }

  /** Replaces the token. */
  set token(token) {
    this.#token = token;
  }
}

/** Whether a response is a page on what is gone, or one that says what is wrong in its form. */
function isPage(response) {
  return [400, 410].includes(response.status) && (response.headers.get("Content-Type") || "").startsWith("text/html");
}

/** Waits for the body of a response, so that a broken transfer is reported here. */
async function whole(response) {
  const { status, statusText, headers } = response;
  return new Response(await response.blob(), { status, statusText, headers });
}

/** The Chinese file name of a response (RFC 8187). */
export function fileName(response, otherwise) {
  const found = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") || "");
  return found ? decodeURIComponent(found[1]) : otherwise;
}

/** Downloads a blob as a file. */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = element("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
