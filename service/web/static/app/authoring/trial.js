// Tries the form that is being made: its fields, filled in with the sample, and the document of them.
import { read, write } from "../form/fields.js";
import { LiveCheck } from "../form/live_check.js";
import "../form/pictures.js";
import { Preview } from "../form/preview.js";
import { watchTabs } from "../shared/toolbar.js";
import { showDerived, watchForm } from "../form/watch_form.js";
import { client, fetched } from "../shared/page_base.js";
import { byId, page } from "../shared/page.js";

const address = `${page.pages}forms/new/try${location.search}`;
let posted; // what the page posts of the draft
let outdated = true; // whether the draft has changed since it was tried
let tried = false;

/** Sends the draft with each payload, as the service has no form of it. */
const trialClient = {
  post(path, payload, options) {
    const body = posted("try", { payload: JSON.stringify(payload) });
    const headers = { Accept: "application/json, image/png, application/problem+json" };
    return client.request(page.pages + path.slice(1), { ...options, method: "POST", body, headers });
  },
};
const preview = new Preview(trialClient, () => liveCheck.refresh());
const liveCheck = new LiveCheck(trialClient, preview);

/** The draft has changed: the next `tryForm` shows its form again. */
export function changed() {
  outdated = true;
}

/** Shows the form of a draft, `draft(action, more)`, with what was filled in before. Throws Problem. */
export async function tryForm(draft) {
  posted = draft;
  if (!outdated) return;
  outdated = false;
  try {
    await show(await fetched(address, { method: "POST", body: posted("try") }));
  } catch (problem) {
    outdated = true;
    throw problem;
  }
}

async function show(made) {
  const { form, year } = page;
  const before = tried ? read() : new Map();
  tried = true;
  Object.assign(page, JSON.parse(made.getElementById("page-data").textContent), { form, year });
  byId("sections").replaceWith(document.adoptNode(made.getElementById("sections")));
  const sample = read();
  write(new Map([...sample, ...[...before].filter(([name]) => sample.has(name))]));
  showDerived();
  await liveCheck.refresh();
}

watchForm(() => liveCheck.schedule());
watchTabs(() => liveCheck.refresh());
