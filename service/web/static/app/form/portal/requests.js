// What a portal may ask of the form: the methods of its element, each with what the promise resolves to.
import { page, word } from "../../shared/page.js";
import { read } from "../fields.js";
import { readingWarnings } from "../feedback/error_display.js";
import { reveal, step } from "./steps.js";

const FORMATS = ["docx", "pdf"];

/** Why a request was not fulfilled: `reason` for the portal's script, `message` for people. */
class Refusal extends Error {
  constructor(reason, message, errors = []) {
    super(message);
    this.reason = reason;
    this.errors = errors;
  }
}

/** What is needed to go on with the form later, in the portal's keeping. */
export function draft() {
  const values = [...read()].filter(([, text]) => text !== "");
  return { form: page.form, year: page.year, values: Object.fromEntries(values), readings: readingWarnings(), section: step() };
}

/** `check()` resolves to {errors, report, remarks}, `submit()` to what was submitted, `document(format)` to a file.
 *
 * The latter two resolve to null if the form has errors.
 */
export function requests({ loader, check, submit, document: made }) {
  const checked = async () => {
    const { errors, report, remarks } = await explained(check());
    return { valid: !errors.length, errors, report, advice: remarks?.advice ?? [], missing: remarks?.missing ?? [] };
  };
  const unless = async (promise) => {
    const found = await explained(promise);
    if (found) return found;
    const { errors } = await checked();
    throw new Refusal("invalid", word("errors_title", { count: errors.length }), errors);
  };
  return {
    check: checked,
    submit: () => unless(submit()),
    download(format) {
      if (!FORMATS.includes(format)) throw new Refusal("format", `${FORMATS.join(", ")}`);
      return unless(made(format));
    },
    restore(kept) {
      if (kept?.form !== page.form || kept?.year !== page.year || typeof kept?.values !== "object") throw new Refusal("draft", word("not_this_form"));
      loader.restore(new Map(Object.entries(kept.values).map(([name, text]) => [name, String(text)])), Array.isArray(kept.readings) ? kept.readings : []);
      reveal(String(kept.section ?? ""));
    },
  };
}

/** The same promise, refused with a reason. */
async function explained(promise) {
  try {
    return await promise;
  } catch (problem) {
    const reason = { 401: "refused", 403: "refused", 422: "invalid" }[problem.status] ?? (problem.status ? "failed" : "unreachable");
    throw new Refusal(reason, problem.message, problem.errors);
  }
}
