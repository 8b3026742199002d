// The form page: joins fields, draft, checks, preview, files and, inside a portal, its host.
import { Client, fileName, save } from "./client.js";
import { forget, keep } from "./draft.js";
import { form, payload, read } from "./fields.js";
import { saveJson, take, watchFiles } from "./files.js";
import { Flow } from "./flow.js";
import { Host } from "./host.js";
import { askKey, keyActions } from "./key.js";
import { Loader } from "./loader.js";
import { byId, notice, noticeOf, page, word } from "./page.js";
import { compact } from "./payload.js";
import { Preview } from "./preview.js";
import { watchRows } from "./rows.js";
import { saySums, showSums } from "./sums.js";
import { edited, focusFirst, moved, settled, tell } from "./told.js";

const token = page.embedded ? new URLSearchParams(location.search).get("token") ?? "" : "";
const client = new Client({ base: page.api, language: page.lang === "en" ? "en" : "zh-CN", askKey, token });
const preview = new Preview(client, () => flow.refresh());
const flow = new Flow(client, preview);
const host = page.embedded ? new Host(page.origin, (data) => loader.fill({ data, warnings: [] }, "")) : null;
const loader = new Loader(changed);
const address = `/forms/${page.form}/${page.year}/documents`;
const scrolled = {}; // how far, by tab
let keeping;
let section; // in which the person is

function changed() {
  showSums();
  flow.schedule();
  host?.change(() => compact(payload()));
  clearTimeout(keeping);
  if (!page.embedded) keeping = setTimeout(keepDraft, 200);
}

function keepDraft() {
  clearTimeout(keeping);
  keeping = undefined;
  const kept = keep(read());
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  byId("saved").textContent = kept ? word("draft_saved", { time }) : word("draft_failed");
}

/** A document of the form as it is; null where it is faulty, the first fault then shown. Throws Problem. */
async function documents(formats) {
  settled();
  const data = payload();
  const { errors, report } = await flow.check(data);
  if (errors.length) {
    focusFirst();
    return null;
  }
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
  const format = event.submitter?.value || (host ? "" : "docx");
  const say = noticeOf(event.submitter);
  say(word("making"));
  try {
    const made = await documents(format ? [format] : ["docx", "pdf"]);
    if (!made) {
      say("");
    } else if (format) {
      save(made.documents[format].blob, made.documents[format].name);
      say(word("saved_file", { name: made.documents[format].name }));
    } else {
      host.submit(made);
      say(word("submitted"));
    }
  } catch (problem) {
    if (problem.errors?.length) tell(problem.errors, []);
    say(problem.status ? problem.message : word("offline"), ...keyActions(problem, () => form.requestSubmit(event.submitter)));
    if (problem.errors?.length) focusFirst();
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

/** The menu goes when something of it was chosen, on Escape, and when another place is clicked. */
function watchMenu(menu) {
  if (!menu) return;
  document.addEventListener("click", (event) => {
    const chosen = event.target.closest("button, label") && menu.contains(event.target);
    if (chosen || !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
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
    edited(event.target.name);
    changed();
  });
  form.addEventListener("focusin", come);
  // Not at once: what a new message moves must not slip away under a click.
  form.addEventListener("focusout", () => setTimeout(left, 200));
  form.addEventListener("keydown", (event) => {
    // Return in a line of text would save a document that nobody asked for.
    if (event.key === "Enter" && event.target.matches("input:not([type='file'])")) event.preventDefault();
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

/** What is scrolled to must not come to lie under the bar that sticks, however many lines it has. */
function watchBar() {
  const bars = document.querySelectorAll(".actions, .tabs");
  const measured = new ResizeObserver(() => {
    const sticking = [...bars].find((bar) => getComputedStyle(bar).position === "sticky" && bar.offsetHeight);
    document.documentElement.style.setProperty("--bar", `${sticking?.offsetHeight ?? 0}px`);
  });
  for (const bar of bars) measured.observe(bar);
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
  flow.refresh();
}

start();
