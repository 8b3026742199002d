// Errors shown to the user; any other error is a bug of the page.
import { page, word } from "./page.js";

// Both as in error_texts.py
const CAUSE = /^[^]*?(。|[.:](?=\s|$)|$)/;
const NUMBERS = /(?<![”'])(?<!' ) ?[（(]U\+[\dA-F U+]+[）)](\d?)/g;

/** An error with a message for the user. */
export class UserFacingError extends Error {}

/** The service did not answer, or not in time. */
export class Unreachable extends UserFacingError {
  constructor(cause) {
    super(word("offline"), { cause });
  }
}

/** A problem response of the API (RFC 9457); `errors` are the data errors, if any, `remarks` {advice, missing} or null.
 *
 * `wantsKey`: a key, or another one, may help; `unasked`: none was sent. `embedded`: the portal provides tokens instead.
 */
export class Problem extends UserFacingError {
  constructor(body, status, { key, embedded, retryAfter }) {
    const unasked = status === 401 && !key && !embedded;
    const lapsed = status === 401 && embedded;
    super(lapsed ? word(key ? "token_lapsed" : "token_missing") : unasked ? word("key_needed") : worded(page.problems[body.code], body.detail || body.title || String(status)));
    this.status = status;
    this.code = body.code || "";
    this.errors = forPeople(body.errors ?? []);
    this.remarks = body.missing ? { advice: body.advice, missing: body.missing } : null;
    this.retryAfter = retryAfter;
    this.unasked = unasked;
    this.wantsKey = !embedded && (status === 401 || (status === 403 && this.code === "forbidden"));
  }
}

/** Errors or notices of the data with the page's own messages: the service's may be for programs. */
export const forPeople = (found) => found.map((each) => ({ ...each, message: withoutNumbers(worded(page.faults[each.code], each.message)) }));

/** A text without the numbers of characters that it names in words. */
export const withoutNumbers = (text) => text.replace(NUMBERS, (_, next) => next && ` ${next}`);

/** The page's text for an error, in which {cause} is the first sentence of its own. */
const worded = (text, own) => text?.replace("{cause}", () => CAUSE.exec(own)[0].replace(/:$/, ".")) ?? own;

/** The message of an error for the user; bugs are also reported to the browser. */
export function messageOf(error) {
  if (error instanceof UserFacingError) return error.message;
  reportError(error);
  return word("page_fault");
}
