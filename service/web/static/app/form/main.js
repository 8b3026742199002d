// The form page: joins fields, draft, checks, preview, files and, inside a portal, its host.
import { watchBar, watchMenu, watchTabs } from "../shared/toolbar.js";
import { Client, fileName, save } from "../shared/client.js";
import * as autoSave from "./drafts/auto_save.js";
import { clearDraft, settleDraft, startDrafts } from "./drafts/start.js";
import { messageOf } from "../shared/errors.js";
import { form, payload, read } from "./fields.js";
import { saveJson, readFile, watchFiles } from "../shared/files.js";
import { LiveCheck } from "./live_check.js";
import { askKey, keyActions } from "../shared/key_dialog.js";
import { Loader } from "./loader.js";
import { byId, disable, notice, page, hideNotice, settle, word } from "../shared/page.js";
import { watchOverview } from "./feedback/overview.js";
import { compact } from "./payload.js";
import { setOpened, showOpened, watchOpened } from "./filing/opened_record.js";
import { watchCheck } from "./filing/check_button.js";
import { watchPaste } from "./pasting.js";
import { Preview } from "./preview.js";
import { remarksText } from "./feedback/remarks.js";
import { focusErrorSummary, focusField, showErrors, showPendingErrors, showRequired } from "./feedback/error_display.js";
import { showDerived, watchForm } from "./watch_form.js";

const portal = page.embedded ? await import("./portal/portal.js") : null;
const token = page.embedded ? new URLSearchParams(location.search).get("token") ?? "" : undefined;
const client = new Client({ base: page.api, language: page.lang === "en" ? "en" : "zh-CN", askKey: portal ? askPortal : askKey, token });
const preview = new Preview(client, () => liveCheck.refresh());
const liveCheck = new LiveCheck(client, preview, portal?.blankRequired);
const loader = new Loader(loaded);
const host = portal?.join({ client, loader, documents: (formats) => documents(formats, ""), check, tokenRenewed, left: showPendingErrors, focus: focusField });
const address = `/forms/${page.form}/${page.year}/documents`;
let submitting = false;

async function askPortal() {
  const given = await host.askToken();
  if (given) hideNotice(word("token_missing"));
  return given;
}

/** The portal sends a token without a pending request. */
function tokenRenewed(given) {
  client.token = given;
  hideNotice(word("token_missing"));
  liveCheck.refresh();
}

function loaded() {
  showDerived();
  showOpened();
  changed();
}

function changed() {
  liveCheck.schedule();
  host?.changed();
  if (!page.embedded) autoSave.schedule();
}

/** Checks the form now, what is required too, or one section of it. Throws Problem. */
function check(section) {
  showRequired(section);
  return liveCheck.check(payload());
}

/** The documents of the form, asked for with `more` of the query; null if it has errors. Throws Problem. */
async function documents(formats, more) {
  const data = payload();
  const { errors, report } = await check();
  if (errors.length) return null;
  const responses = await Promise.all(formats.map((format) => client.post(`${address}?format=${format}${more}`, data)));
  const files = {};
  for (const [at, response] of responses.entries()) {
    const otherwise = `${page.form}-${page.year}.${formats[at]}`;
    files[formats[at]] = { name: fileName(response, otherwise), blob: await response.blob() };
  }
  return { payload: compact(data), report, documents: files };
}

async function submit(event) {
  event.preventDefault();
  if (submitting || event.submitter?.name === "do") return;
  setBusy(true);
  await produce(event);
  setBusy(false);
}

function setBusy(now) {
  submitting = now;
  for (const button of form.querySelectorAll("[type='submit'][name='format']")) disable(button, now);
}

async function produce(event) {
  const format = event.submitter?.value || (host ? "" : "docx");
  notice(word("making"));
  try {
    const attach = format === "pdf" && byId("attach").checked ? "&attach=true" : "";
    const made = format ? await documents([format], attach) : await host.submit();
    if (!made) {
      notice("");
      focusErrorSummary();
    } else if (format) {
      save(made.documents[format].blob, made.documents[format].name);
      notice(withRemarks(word("saved_file", { name: made.documents[format].name }), made.report));
    } else {
      notice(withRemarks(word("submitted"), made.report));
    }
    settle();
  } catch (problem) {
    if (problem.errors?.length) showErrors(problem.errors, []);
    notice(messageOf(problem), ...keyActions(problem, () => form.requestSubmit(event.submitter)));
    if (problem.errors?.length) focusErrorSummary();
  }
}

function withRemarks(text, report) {
  const remarks = remarksText(report);
  return remarks ? word("with_remarks", { text, remarks }) : text;
}

/** The form was archived: what is changed from now on is the next version of its record. */
function filed(record) {
  if (!host || page.numbered) setOpened(record);
  if (host) host.filed(record);
  else settleDraft(client, record);
}

const submitToPortal = () => form.requestSubmit(form.querySelector("button[name='format'][value='']"));

async function fillFrom(found, name) {
  if (!loader.fill(found, name) || page.embedded) return;
  (await import("./filing/known_records.js")).showKnown(client, changed);
}

function watchBeside() {
  watchMenu(document.querySelector("details.menu"));
  byId("save-json").addEventListener("click", () => saveJson(compact(payload()), read()));
  byId("clear").addEventListener("click", () => loader.clear(page.embedded ? undefined : clearDraft));
  watchTabs(() => liveCheck.refresh());
  watchFiles((file) => readFile(file, client, fillFrom));
}

function start() {
  for (const hidden of document.querySelectorAll("[data-js]")) hidden.hidden = false;
  for (const plain of document.querySelectorAll("[data-plain]")) plain.remove();
  if (!page.embedded) startDrafts(client, loader);
  watchForm(changed);
  watchOverview(focusField);
  watchPaste(form, client, (fill) => loader.change(fill));
  form.addEventListener("submit", submit);
  watchCheck(client, form, { filed, portal: submitToPortal });
  watchOpened(changed);
  watchBeside();
  if (!host) watchBar();
  showDerived();
  host?.begin();
  if (host && page.closed) notice(word("token_missing"));
  liveCheck.refresh();
}

start();
