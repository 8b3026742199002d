// What the pages of batches and records share: they ask for a key, show what it opens, save files with it.
import { Client, fileName, save } from "../shared/client.js";
import { worded } from "../shared/errors.js";
import { askKey, keyActions } from "../shared/key_dialog.js";
import { byId, elementOf, moment, notice, page, word } from "../shared/page.js";

export const client = new Client({ base: "", language: page.lang === "en" ? "en" : "zh-CN", askKey });

/** What went wrong, in words for people; where another key may help, it is done `again` with that. */
export function say(problem, again) {
  tell(worded(problem), problem, again);
}

const tell = (text, problem, again) => notice(text, ...keyActions(problem, again));

/** This page, or another, as the server makes it for the key at hand. Throws Problem. */
export async function fetched(address = location.pathname + location.search, options = {}) {
  const headers = { Accept: "text/html, application/problem+json" };
  const response = await client.request(address, { headers, ...options });
  const made = new DOMParser().parseFromString(await response.text(), "text/html");
  prepare(made);
  return made;
}

/** Puts the element `id` of a fetched page in the place of this page's; the focus stays where it was. */
export function replace(id, made) {
  const before = byId(id);
  const held = before.contains(document.activeElement) ? document.activeElement : null;
  before.replaceWith(document.adoptNode(made.getElementById(id)));
  if (!held) return;
  const again = held.id ? byId(held.id) : document.querySelector(`#${id} a[href="${held.getAttribute("href")}"]`);
  (again ?? byId("content")).focus({ preventScroll: true });
}

/** Starts a page: `shown()` is called once what it tells is there. */
export async function start(shown) {
  prepare(document);
  document.addEventListener("click", (event) => {
    const link = elementOf(event).closest("a[data-save]");
    if (!link || !client.keyed) return; // a link alone sends no key
    event.preventDefault();
    saveFile(link.getAttribute("href"));
  });
  document.addEventListener("kexie-key", () => location.reload());
  if ("locked" in byId("area").dataset) await open(shown);
  else shown();
}

/** Shows what the key at hand opens; where there is none, the page asks for it when the person wants that. */
async function open(shown) {
  try {
    const made = await fetched(undefined, { quiet: true });
    document.title = made.title;
    replace("area", made);
    const headings = document.querySelectorAll("h1");
    if (headings.length > 1) headings[0].remove();
    notice("");
    shown();
  } catch (problem) {
    byId("opening").hidden = true;
    const again = () => open(shown);
    if (problem.unasked) tell(word("key_for_page"), problem, again);
    else say(problem, again);
  }
}

/** Leaves of a page what is for browsers with JavaScript, its times those of this place. */
function prepare(made) {
  for (const hidden of made.querySelectorAll("[data-js]")) hidden.hidden = false;
  for (const plain of made.querySelectorAll("[data-plain], noscript")) plain.remove();
  for (const time of made.querySelectorAll("time")) time.textContent = moment(new Date(time.dateTime));
}

async function saveFile(address) {
  notice(word("making_file"));
  try {
    const response = await client.request(address, { streamed: true }); // of any size
    const name = fileName(response, "file");
    save(await response.blob(), name);
    notice(word("saved_file", { name }));
  } catch (problem) {
    say(problem, () => saveFile(address));
  }
}
