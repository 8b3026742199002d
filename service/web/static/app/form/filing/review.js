// The review of the form and the receipt of its record: pages of the service, shown in the form's place.
import { fileName, save } from "../../shared/client.js";
import { messageOf } from "../../shared/errors.js";
import { keyActions } from "../../shared/key_dialog.js";
import { announce, byId, disable, elementOf, notice, noticeIn, prepare, settle, word } from "../../shared/page.js";
import { focusField } from "../feedback/error_display.js";
import { nameOf } from "../feedback/field_names.js";
import { incompleteDates } from "../feedback/incomplete_dates.js";
import { setOpened } from "./opened_record.js";

const PAGES = { Accept: "text/html, application/problem+json" };
const ENTRY = "input:not([type='hidden']), textarea, button[name='add']";

const TAB = document.querySelector("button[data-tab='form']");
const FORM_TAB = TAB.textContent;

export class Review {
  #client;
  #form;
  #filed;
  #title = document.title;
  #from = null; // the button that opened it
  #wanted = null; // the element to go to when it is left
  #busy = false;

  /** `filed(record)` is called once the service has archived the form; `portal()` submits it to a portal. */
  constructor(client, form, { filed, portal }) {
    this.#client = client;
    this.#form = form;
    this.#filed = filed;
    window.addEventListener("popstate", () => this.#leave());
    document.addEventListener("kexie-written", () => this.#leave()); // it would show what is no longer in the form
    document.addEventListener("kexie-key", () => { if (this.#pane && !this.#pane.dataset.record) this.check(this.#from); });
    document.addEventListener("kexie-field", (event) => this.#back(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#pane && !document.querySelector("dialog[open]")) history.back();
    });
    document.addEventListener("click", (event) => {
      if (!elementOf(event).matches("#review [data-finish]")) return;
      event.preventDefault(); // another address would count as leaving
      goTo(byId("finish-title"), "start");
    });
    document.addEventListener("submit", (event) => {
      if (!this.#pane?.contains(elementOf(event))) return;
      event.preventDefault();
      const submitter = /** @type {any} */ (event.submitter);
      if (submitter?.value === "portal") portal();
      else if (submitter?.value === "edit") this.#back(entryAt(submitter.dataset.at));
      else this.#send(event.target, submitter, (...said) => noticeIn(this.#pane.querySelector(".notice-review"), ...said));
    });
  }

  /** Checks the form, as a button asks for. */
  check(button) {
    this.#from = button;
    const [incomplete] = incompleteDates();
    if (incomplete) {
      focusField(byId(`f${incomplete.pointer}`));
      notice(word("name_text", { name: nameOf(incomplete), text: incomplete.message }));
      return;
    }
    this.#send(this.#form, button, notice);
  }

  get #pane() {
    return byId("review");
  }

  /** Sends a form by one of its buttons, and shows the page or saves the file that comes back. */
  async #send(form, submitter, show) {
    if (this.#busy) return;
    this.#busy = true;
    disable(submitter, true);
    const tab = submitter.value === "print" ? window.open("", "_blank") : null; // later the browser would refuse
    show(word({ check: "checking", archive: "archiving" }[submitter.value] ?? "making"));
    try {
      const response = await this.#client.request(form.action, { method: "POST", body: values(form, submitter), headers: PAGES });
      if (response.headers.get("Content-Type").startsWith("text/html")) await this.#show(await response.text());
      else await given(response, tab, show);
    } catch (problem) {
      tab?.close();
      const again = () => this.#send(form, submitter, show);
      show(messageOf(problem), ...(problem.wantsKey ? keyActions(problem, again) : [[word("try_again"), again]]));
    } finally {
      this.#busy = false;
      disable(submitter, false);
    }
  }

  async #show(text) {
    const whole = new DOMParser().parseFromString(text, "text/html");
    await Promise.all([...whole.querySelectorAll("link[rel='stylesheet']")].map(styled));
    const made = document.adoptNode(whole.getElementById("review"));
    prepare(made);
    if (this.#pane) this.#pane.replaceWith(made);
    else byId("form-pane").after(made);
    if (!byId("form-pane").hidden) history.pushState({ review: true }, "");
    byId("form-pane").hidden = true;
    notice("");
    document.title = made.dataset.title;
    TAB.textContent = made.dataset.tab;
    for (const button of made.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(button));
    watchNumber(made);
    const first = made.querySelector("[autofocus]");
    goTo(first ?? byId("review-title"), first ? "center" : "start");
    if (made.dataset.opened) this.#changes(JSON.parse(made.dataset.opened));
    if (!made.dataset.record) return;
    const place = made.querySelector("[data-record-page]")?.getAttribute("href");
    if (place) history.replaceState(history.state, "", place); // a reload shows the record
    this.#filed(JSON.parse(made.dataset.record));
  }

  /** The form, and its draft, become the next version of a record. */
  #changes(record) {
    if (this.#form.elements.after.value === record.key) return;
    setOpened(record);
    document.dispatchEvent(new Event("kexie-settled"));
  }

  /** Leaves it by the way that the browser's own button takes, for an element of the form if there is one. */
  #back(found) {
    this.#wanted = found;
    history.back();
  }

  #leave() {
    if (!this.#pane) return;
    const typed = byId("record-id");
    if (typed) this.#form.elements.number.value = typed.value;
    this.#pane.remove();
    byId("form-pane").hidden = false;
    document.title = this.#title;
    TAB.textContent = FORM_TAB;
    if (this.#wanted) focusField(this.#wanted);
    else this.#from.focus();
    this.#wanted = null;
  }
}

function goTo(found, block) {
  found.focus({ preventScroll: true });
  // Once the bar is gone, and that is measured.
  requestAnimationFrame(() => requestAnimationFrame(() => found.scrollIntoView({ block })));
}

/** What is said of a number that is taken is hidden while another one is typed. */
function watchNumber(made) {
  const typed = made.querySelector("#record-id");
  typed?.addEventListener("input", () => {
    const other = typed.value.trim() !== typed.defaultValue.trim();
    for (const each of made.querySelectorAll("[data-of-number]")) each.hidden = other;
    for (const each of made.querySelectorAll("[data-of-other]")) each.hidden = !other;
    typed.removeAttribute("aria-invalid");
  });
}

/** Loads a page's style sheet, if this one has it not. */
function styled(link) {
  if (document.querySelector(`link[href="${link.getAttribute("href")}"]`)) return null;
  const here = document.importNode(link);
  return new Promise((resolve) => {
    here.addEventListener("load", resolve);
    here.addEventListener("error", resolve); // it is read all the same
    document.head.append(here);
  });
}

/** What a form posts by a button: without the files, of which the form has the pictures. */
function values(form, submitter) {
  const data = new FormData(form, submitter);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

/** Saves a file, or shows it in the tab that was opened for it. */
async function given(response, tab, show) {
  const blob = await response.blob();
  if (tab) {
    tab.location.replace(URL.createObjectURL(blob));
    show("");
    return;
  }
  const name = fileName(response, "file");
  save(blob, name);
  show(word("saved_file", { name }));
  settle();
}

/** The entry of a field, a table or a section, by the id that leads to it, if any. */
function entryAt(anchor) {
  const found = anchor && byId(anchor);
  return found?.matches(ENTRY) ? found : (found?.closest(".rows, section, fieldset") ?? found)?.querySelector(ENTRY);
}

async function copy(button) {
  const place = button.parentElement.firstElementChild;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = word("copied");
    announce(word("copied"));
  } catch {
    getSelection().selectAllChildren(place); // for the keyboard: the browser does not let a page copy here
  }
}
