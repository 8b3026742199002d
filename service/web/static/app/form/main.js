// The form page: joins fields, draft, checks, preview, files and, inside a portal, its host.
import { watchBar, watchMenu } from "./toolbar.js";
import { Client, fileName, save } from "../shared/client.js";
import { forget, keep } from "./draft.js";
import { worded } from "../shared/errors.js";
import { form, payload, read } from "./fields.js";
import { saveJson, take, watchFiles } from "../shared/files.js";
import { Flow } from "./live_check.js";
import { Host } from "./portal_messages.js";
import { askKey, keyActions } from "../shared/key_dialog.js";
import { Loader } from "./loader.js";
import { byId, disable, elementOf, moment, notice, noticeOf, page, unsay, word } from "../shared/page.js";
import { compact } from "./payload.js";
import { Preview } from "./preview.js";
import { watchRows } from "./table_rows.js";
import { saySums, showSums } from "./counts.js";
import { edited, leadToErrors, moved, settled, tell } from "./errors_shown.js";

const token = page.embedded ? new URLSearchParams(location.search).get("token") ?? "" : undefined;
const host = page.embedded ? new Host(page.origin, (data) => loader.fill({ data, warnings: [] }, ""), renewed) : null;
const ask = host ? askPortal : askKey;
const client = new Client({ base: page.api, language: page.lang === "en" ? "en" : "zh-CN", askKey: ask, token });
const preview = new Preview(client, () => flow.refresh());
const flow = new Flow(client, preview);
const loader = new Loader(changed);
const address = `/forms/${page.form}/${page.year}/documents`;
const scrolled = {}; // how far, by tab
let keeping;
let warned = false; // that the draft of another page is not replaced
let section; // in which the person is
let submitting = false;

async function askPortal() {
  const given = await host.askToken();
  if (given) unsay(word("token_missing"));
  return given;
}

/** The portal gives a token that no request waits for. */
function renewed(given) {
  client.token = given;
  unsay(word("token_missing"));
  flow.refresh();
}

function changed() {
  showSums();
  flow.schedule();
  host?.change(() => compact(payload()));
  clearTimeout(keeping);
  if (!page.embedded) keeping = setTimeout(keepDraft, 200);
}

function keepDraft(options = {}) {
  clearTimeout(keeping);
  keeping = undefined;
  const kept = keep(read(), options);
  byId("saved").textContent = word(kept, { time: moment(new Date(), { clock: true }) });
  if (kept === "draft_elsewhere" && !warned) notice(word("draft_asks"), [word("draft_replace"), () => keepDraft({ replacing: true })]);
  warned = kept === "draft_elsewhere";
}

/** A document of the form as it is; null where it is faulty. Throws Problem. */
async function documents(formats) {
  settled();
  const data = payload();
  const { errors, report } = await flow.check(data);
  if (errors.length) return null;
  const responses = await Promise.all(formats.map((format) => client.post(`${address}?format=${format}`, data)));
  const files = {};
  for (const [at, response] of responses.entries()) {
    const otherwise = `${page.form}-${page.year}.${formats[at]}`;
    files[formats[at]] = { name: fileName(response, otherwise), blob: await response.blob() };
  }
  return { payload: compact(data), report, documents: files };
}

async function submit(event) {
  event.preventDefault();
  if (submitting) return;
  busy(true);
  await produce(event);
  busy(false);
}

function busy(now) {
  submitting = now;
  for (const button of form.querySelectorAll("[type='submit'][name='format']")) disable(button, now);
}

async function produce(event) {
  const format = event.submitter?.value || (host ? "" : "docx");
  const say = noticeOf(event.submitter);
  say(word("making"));
  try {
    const made = await documents(format ? [format] : ["docx", "pdf"]);
    if (!made) {
      say(""); // before the list moves into sight: the notice stands above it
      leadToErrors();
    } else if (format) {
      save(made.documents[format].blob, made.documents[format].name);
      say(word("saved_file", { name: made.documents[format].name }));
    } else {
      host.submit(made);
      say(word("submitted"));
    }
  } catch (problem) {
    if (problem.errors?.length) tell(problem.errors, []);
    say(worded(problem), ...keyActions(problem, () => form.requestSubmit(event.submitter)));
    if (problem.errors?.length) leadToErrors();
  }
}

function showTab(name) {
  const work = byId("work");
  scrolled[work.dataset.tab] = window.scrollY;
  work.dataset.tab = name;
  window.scrollTo(0, scrolled[name] ?? Math.min(window.scrollY, work.offsetTop - work.previousElementSibling.offsetHeight));
  for (const tab of document.querySelectorAll("button[data-tab]")) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
  if (name === "preview") flow.refresh();
}

function clear() {
  loader.clear();
  clearTimeout(keeping);
  keeping = undefined;
  forget();
  byId("saved").textContent = "";
}

/** The preview shows the section that the person has come to. */
function come({ target }) {
  const here = target.closest("[data-section]")?.dataset.section;
  if (!here || here === section) return;
  section = here;
  if (preview.visible && byId("auto").checked) preview.follow(section);
}

function left() {
  settled();
  saySums();
}

function watchForm() {
  form.addEventListener("input", (event) => {
    edited(elementOf(event).name);
    changed();
  });
  form.addEventListener("focusin", come);
  // Not at once: what a new message moves must not slip away under a click.
  form.addEventListener("focusout", () => setTimeout(left, 200));
  form.addEventListener("keydown", (event) => {
    // Return in a line of text would save a document that nobody asked for.
    if (event.key === "Enter" && elementOf(event).matches("input:not([type='file'])")) event.preventDefault();
  });
  form.addEventListener("submit", submit);
  watchRows((table) => {
    if (table) moved(table);
    changed();
  });
}

function watchBeside() {
  watchMenu(document.querySelector("details.menu"));
  byId("save-json").addEventListener("click", () => saveJson(compact(payload()), read()));
  byId("clear").addEventListener("click", clear);
  for (const tab of document.querySelectorAll("button[data-tab]")) tab.addEventListener("click", () => showTab(tab.dataset.tab));
  watchFiles((file) => take(file, client, (found, name) => loader.fill(found, name)));
  window.addEventListener("pagehide", () => { if (keeping) keepDraft(); });
}

function start() {
  for (const hidden of document.querySelectorAll("[data-js]")) hidden.hidden = false;
  for (const plain of document.querySelectorAll("[data-plain]")) plain.remove();
  if (!page.embedded) loader.begin();
  watchForm();
  watchBeside();
  if (!page.embedded) watchBar();
  showSums();
  host?.begin();
  if (host && page.closed) {
    notice(word("token_missing"));
    host.refused();
  }
  flow.refresh();
}

start();
