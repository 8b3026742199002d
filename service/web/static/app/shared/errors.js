// What can go wrong and is told to people; any other error is a fault of the page itself.
import { word } from "./page.js";

/** An error whose message is for the person. */
export class Told extends Error {}

/** The service did not answer, or not in time. */
export class Unreachable extends Told {
  constructor(cause) {
    super(word("offline"), { cause });
  }
}

/** A problem that the API answered (RFC 9457); `errors` are the faults of the data, if any.
 *
 * `wantsKey`: a key, or another one, may help; `unasked`: none was sent. `embedded`: the portal gives tokens instead.
 */
export class Problem extends Told {
  constructor(body, status, { key, embedded, retryAfter }) {
    const unasked = status === 401 && !key && !embedded;
    const lapsed = status === 401 && embedded;
    super(lapsed ? word(key ? "token_lapsed" : "token_missing") : unasked ? word("key_needed") : body.detail || body.title || String(status));
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
    this.retryAfter = retryAfter;
    this.unasked = unasked;
    this.wantsKey = !embedded && (status === 401 || (status === 403 && this.code === "forbidden"));
  }
}

/** What to tell the person of an error; the page's own faults are reported to the browser besides. */
export function worded(error) {
  if (error instanceof Told) return error.message;
  reportError(error);
  return word("page_fault");
}
