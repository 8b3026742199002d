// Asks for an access key: when one is needed, refused, or to be changed.
import { heldKey, holdKey, showButton } from "./key_storage.js";
import { byId, hideNotice, word } from "./page.js";

let wanted = ""; // the last message about a needed key, outdated once another is entered

/** Resolves to the entered key, which is kept, or to ""; `refused` is why the last one was refused. */
export function askKey(refused = "") {
  return promptForKey(word("key_title"), refused);
}

/** The buttons for `notice` that ask for a key and then retry with `again`. */
export function keyActions(problem, again) {
  if (!problem.wantsKey) return [];
  const refused = problem.status === 403;
  wanted = problem.message;
  const ask = async () => { if (await promptForKey(word(refused ? "other_key" : "key_title"))) again(); };
  return [[word(refused ? "other_key" : "enter_key"), ask]];
}

/** Shows or, without a problem, hides the message that the preview needs a key.
 *
 * Returns whether it was shown before.
 */
export function showKeyWanted(problem, again) {
  const box = byId("key-wanted");
  const before = !box.hidden;
  box.hidden = !problem;
  if (!problem) return before;
  const [[label, ask]] = keyActions(problem, again);
  box.querySelector("p").textContent = problem.unasked ? word("key_for_preview") : problem.message;
  box.querySelector("button").textContent = label;
  box.querySelector("button").onclick = ask;
  return before;
}

async function promptForKey(title, refused = "", changing = false) {
  const dialog = byId("key-dialog");
  const input = byId("key");
  byId("key-title").textContent = title;
  byId("key-error").textContent = refused;
  byId("forget-key").hidden = !changing;
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => { dialog.addEventListener("close", resolve, { once: true }); });
  const key = dialog.returnValue === "ok" ? input.value.trim() : "";
  if (key) holdKey(key);
  if (dialog.returnValue === "forget") holdKey("");
  if (key || dialog.returnValue === "forget") hideNotice(wanted);
  input.value = "";
  return key;
}

async function change() {
  const before = heldKey();
  await promptForKey(word("change_key"), "", true);
  if (heldKey() === before) return;
  if (!heldKey()) byId("content").focus();
  document.dispatchEvent(new Event("kexie-key"));
}

byId("change-key")?.addEventListener("click", change); // absent in a portal
showButton();
