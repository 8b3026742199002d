// The page for new forms: reads a blank, follows the changes of its places, downloads or installs the form.
import { watchBar } from "../shared/toolbar.js";
import { fileName, save } from "../shared/client.js";
import { messageOf } from "../shared/errors.js";
import { watchDrop } from "../shared/files.js";
import { keyActions } from "../shared/key_dialog.js";
import { Latest } from "../shared/latest_request.js";
import { client, fetched, replace, showProblem } from "../shared/page_base.js";
import { announce, byId, elementOf, notice, noticeIn, prepare, word } from "../shared/page.js";
import { addPlaces, awaitsOptions, openPlace, showChanges, showFaults, watchPlaces } from "./places.js";
import { changed, tryForm } from "./trial.js";

const input = byId("file");
const draft = byId("draft");
const [latest, linted] = [new Latest(), new Latest()];
let dirty = false; // whether a person has changed something since the blank was read

/** What the page posts to do something; the file itself only to be read. */
function posted(action, more = {}) {
  const body = new FormData(draft);
  if (action !== "read") body.delete("file");
  for (const [name, value] of Object.entries({ ...more, do: action })) body.set(name, value);
  return body;
}

/** The page after doing something. @type {(action: string, more?: object, options?: object) => Promise<Document>} */
const shown = (action, more, options) => fetched(undefined, { method: "POST", body: posted(action, more), ...options });

function report(problem, again) {
  showProblem(problem, again);
  byId("notice").scrollIntoView({ block: "nearest" });
}

function fault(text) {
  byId("fault").textContent = text;
  byId("fault").hidden = !text;
}

async function read(file) {
  fault("");
  const limit = Number(input.dataset.limit);
  if (file.size > limit) {
    fault(word("name_text", { name: file.name, text: word("blank_too_large", { count: limit / 1024 / 1024 }) }));
    return;
  }
  notice(word("reading"));
  try {
    replace("area", await shown("read", { file }));
  } catch (problem) {
    notice("");
    if (problem.wantsKey) report(problem, () => read(file));
    else fault(word("name_text", { name: file.name, text: messageOf(problem) }));
    return;
  }
  notice("");
  byId("chosen").textContent = file.name;
  byId("choose").classList.remove("primary");
  byId("choose").textContent = word("choose_other");
  byId("steps").hidden = false;
  dirty = false;
  changed();
  showStep("fields");
  announce(document.querySelector(".found").textContent);
}

/** Reads a file that was chosen or dropped, after a question if that discards changes. */
function choose(file) {
  if (!dirty) {
    read(file);
    return;
  }
  notice(word("reading_discards", { name: file.name }), [word("read_blank"), () => read(file)]);
  byId("notice").querySelector("button").focus();
}

function showStep(name) {
  for (const step of ["fields", "trial", "save"]) byId(`step-${step}`).hidden = step !== name;
  for (const button of document.querySelectorAll("[data-step]")) button.setAttribute("aria-pressed", String(button.dataset.step === name));
  if (name === "trial") tryNow();
  if (name === "save") lint();
}

/** Goes to the top of a step that was chosen. */
function goTo(name) {
  showStep(name);
  toTop(name);
}

function toTop(name) {
  const step = byId(`step-${name}`);
  if (step.getBoundingClientRect().top < byId("steps").offsetHeight) step.scrollIntoView();
}

/** Enables the buttons that install and download, which move when the findings of lint come above them. */
function enableSaving(enabled) {
  for (const button of document.querySelectorAll("#step-save button[name='do']")) button.disabled = !enabled;
}

/** Shows what lint finds in the form, before it is installed. */
async function lint() {
  const signal = linted.begin();
  enableSaving(false);
  try {
    const made = await shown("lint", {}, { signal });
    showFaults(made);
    replace("form-faults", made);
    toTop("save");
  } catch (problem) {
    if (!signal.aborted) report(problem, lint);
  } finally {
    if (!signal.aborted) enableSaving(true);
  }
}

function tryNow() {
  tryForm(posted).catch((problem) => {
    if (problem.errors?.length) {
      showStep("fields");
      check(true);
    } else report(problem, tryNow);
  });
}

/** Shows what is wrong with the changes; `leading` to the list of it. */
async function check(leading = false) {
  const signal = latest.begin();
  try {
    showFaults(await shown("check", {}, { signal }));
    if (leading) byId("draft-summary").querySelector("a")?.click();
  } catch (problem) {
    if (!signal.aborted) report(problem, check);
  }
}

function edited(event) {
  if (!elementOf(event).name?.startsWith("/")) return;
  dirty = true;
  changed();
  showChanges(elementOf(event));
  if (event.type === "change" && !awaitsOptions(elementOf(event))) check();
}

async function add(where) {
  if (!where) {
    notice(word("choose_first"));
    byId("f/add").focus();
    return;
  }
  try {
    const made = await shown("add", { add: where });
    showFaults(made);
    const number = addPlaces(made, where);
    if (!number) return;
    dirty = true;
    changed();
    openPlace(number, { naming: true });
    announce(word("place_added", { number }));
  } catch (problem) {
    report(problem, () => add(where));
  }
}

/** Shows a notice beside the buttons that install and download. */
const saving = (text, ...actions) => noticeIn(byId("save-notice"), text, ...actions);

async function download() {
  saving(word("making"));
  try {
    const response = await client.request(location.pathname, { method: "POST", body: posted("zip"), headers: { Accept: "application/zip, application/problem+json" } });
    const name = fileName(response, "form.zip");
    save(await response.blob(), name);
    saving(word("saved_file", { name }));
  } catch (problem) {
    refused(problem, download);
  }
}

async function install() {
  saving(word("making"));
  try {
    const made = await shown("install");
    if (!made.getElementById("installed")) {
      byId("installed")?.remove();
      saving("");
      showFaults(made);
      byId("draft-summary").querySelector("a").click();
      return;
    }
    replace("step-save", made);
    dirty = false;
    byId("installed").focus();
  } catch (problem) {
    refused(problem, install);
  }
}

function refused(problem, again) {
  byId("installed")?.remove();
  if (problem.errors?.length) {
    saving("");
    check(true);
  } else saving(messageOf(problem), ...keyActions(problem, again));
}

const ACTIONS = { add: () => add(byId("f/add").value), zip: download, install };

function submitted(event) {
  event.preventDefault();
  ACTIONS[event.submitter?.value]?.();
}

// The browser's own button uses the browser's language.
input.classList.add("hidden");
byId("choose").hidden = false;
if (!input.files.length) byId("chosen").textContent ||= word("batch_no_file");
input.addEventListener("change", () => { if (input.files[0]) choose(input.files[0]); });
draft.addEventListener("submit", submitted);
draft.addEventListener("input", edited);
draft.addEventListener("change", edited);
draft.addEventListener("focusout", (event) => {
  const left = elementOf(event);
  if (left.name?.endsWith("/options") && !left.value.trim()) check();
});
draft.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && elementOf(event).matches("input[type='text']")) event.preventDefault();
});
for (const button of document.querySelectorAll("button[data-step]")) button.addEventListener("click", () => goTo(button.dataset.step));
watchPlaces(add);
watchDrop((file) => choose(file));
watchBar();
prepare(document);
window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
