// Shared by the pages beside the form: access keys, locked content, file downloads.
import { Client, fileName, save } from "./client.js";
import { messageOf } from "./errors.js";
import { askKey, keyActions } from "./key_dialog.js";
import { byId, elementOf, notice, page, prepare, word } from "./page.js";

export const client = new Client({ base: "", language: page.lang === "en" ? "en" : "zh-CN", askKey });

/** Shows an error; if another key may help, offers to retry with it (`again`). */
export function showProblem(problem, again) {
  showMessage(messageOf(problem), problem, again);
}

const showMessage = (text, problem, again) => notice(text, ...keyActions(problem, again));

/** Fetches this or another page with the current key. Throws Problem. */
export async function fetched(address = location.pathname + location.search, options = {}) {
  const headers = { Accept: "text/html, application/problem+json" };
  const response = await client.request(address, { headers, ...options });
  const made = new DOMParser().parseFromString(await response.text(), "text/html");
  prepare(made);
  return made;
}

/** Replaces the element `id` by that of a fetched page and keeps the focus. */
export function replace(id, made) {
  const before = byId(id);
  const held = before.contains(document.activeElement) ? document.activeElement : null;
  before.replaceWith(document.adoptNode(made.getElementById(id)));
  if (!held) return;
  const again = held.id ? byId(held.id) : document.querySelector(`#${id} a[href="${held.getAttribute("href")}"]`);
  (again ?? byId("content")).focus({ preventScroll: true });
}

/** Starts a page; calls `shown()` once its content is loaded. */
export async function start(shown) {
  prepare(document);
  document.addEventListener("click", (event) => {
    const link = elementOf(event).closest("a[data-save]");
    if (!link || !client.keyed) return; // a plain link sends no key
    event.preventDefault();
    saveFile(link.getAttribute("href"));
  });
  document.addEventListener("kexie-key", () => location.reload());
  if ("locked" in byId("area").dataset) await open(shown);
  else shown();
}

/** Loads the locked content with the current key, or offers to enter one. */
async function open(shown) {
  try {
    const made = await fetched(undefined, { quiet: true });
    document.title = made.title;
    replace("area", made);
    replace("nav-admin", made);
    const headings = document.querySelectorAll("h1");
    if (headings.length > 1) headings[0].remove();
    notice("");
    shown();
  } catch (problem) {
    byId("opening").hidden = true;
    const again = () => open(shown);
    if (problem.unasked) showMessage(word("key_for_page"), problem, again);
    else showProblem(problem, again);
  }
}

async function saveFile(address) {
  notice(word("making_file"));
  try {
    const response = await client.request(address, { streamed: true }); // of any size
    const name = fileName(response, "file");
    save(await response.blob(), name);
    notice(word("saved_file", { name }));
  } catch (problem) {
    showProblem(problem, () => saveFile(address));
  }
}
