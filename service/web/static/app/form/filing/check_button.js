// The buttons that check the form: the review is loaded when it is first asked for.
import { Unreachable, messageOf } from "../../shared/errors.js";
import { notice } from "../../shared/page.js";

/** `filed(record)` is called once the service has archived the form; `portal()` submits it to a portal. */
export function watchCheck(client, form, { filed, portal }) {
  let review = null;
  form.addEventListener("submit", async ({ submitter }) => {
    if (submitter?.value !== "check") return;
    try {
      const { Review } = await import("./review.js");
      review ??= new Review(client, form, { filed, portal });
      review.check(submitter);
    } catch (error) {
      notice(messageOf(new Unreachable(error)));
    }
  });
}
