// The portal around an embedded form: joins its messages and requests, its bars and steps to the form.
import { page } from "../../shared/page.js";
import { payload } from "../fields.js";
import { compact } from "../payload.js";
import { archived, recordOf } from "./archived_record.js";
import { PortalChannel } from "./portal_channel.js";
import { draft, requests } from "./requests.js";
import { watchSteps } from "./steps.js";
import { watchBars } from "./visible_part.js";

export { blankRequired } from "./required_fields.js";

const FORMATS = ["docx", "pdf"];

/** Joins the form to its portal, by what the page's main script has.
 *
 * `documents(formats)` resolves to {payload, report, documents}, null if the form has errors; `check(section)` to
 * {errors, report, remarks}; `tokenRenewed(token)`, `left()` and `focus(element)` as their users say.
 */
export function join({ client, loader, documents, check, tokenRenewed, left, focus }) {
  /** Archives the form where the portal wants that, and sends it there; null if it has errors. Throws Problem. */
  const submit = async () => {
    const made = await documents(FORMATS);
    if (!made) return null;
    const record = page.archives ? { record: await archived(client, made.payload) } : {};
    channel.submit({ ...made, ...record });
    return made;
  };
  const document = async (format) => (await documents([format]))?.documents[format];
  const channel = new PortalChannel(page.origin, {
    prefill: (data) => loader.fill({ data, warnings: [] }, "", { portal: true }),
    token: tokenRenewed,
    ...requests({ loader, check: () => check(), submit, document }),
  });
  const state = () => ({ payload: compact(payload()), draft: draft() });
  return {
    submit,
    askToken: () => channel.askToken(),
    changed: () => channel.change(state),
    /** The review has archived the form. */
    async filed(record) {
      const made = await documents(FORMATS).catch(() => null); // archived it is, whether they can be had again or not
      channel.submit({ ...(made ?? { payload: compact(payload()), report: null, documents: {} }), record: recordOf(record) });
    },
    begin() {
      watchBars();
      if (page.steps) watchSteps({ check, left, focus, moved: () => channel.change(state, false) });
      channel.warnOnLeaving(page.keeps_draft);
      channel.begin(page.unknown);
      if (page.closed) channel.refused();
    },
  };
}
