// Asks for an access key: where a request needs one, where one does not do, and where the person wants to change it.
import { heldKey, holdKey, showButton } from "./key_storage.js";
import { byId, unsay, word } from "./page.js";

let wanted = ""; // what was last told of a key that is wanted: untrue once another is held

/** Resolves to the key that the person types, from then on held, or to "" for none; `refused` is why the last was no use. */
export function askKey(refused = "") {
  return asked(word("key_title"), refused);
}

/** The buttons for `notice` that ask for a key, another one after a refusal, and then do it `again`. */
export function keyActions(problem, again) {
  if (!problem.wantsKey) return [];
  const refused = problem.status === 403;
  wanted = problem.message;
  const ask = async () => { if (await asked(word(refused ? "other_key" : "key_title"))) again(); };
  return [[word(refused ? "other_key" : "enter_key"), ask]];
}

/** Tells beside the preview that it wants a key, with a button for that; without a problem the telling goes.
 *
 * Answers whether it was there before.
 */
export function tellKeyWanted(problem, again) {
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

async function asked(title, refused = "", changing = false) {
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
  if (key || dialog.returnValue === "forget") unsay(wanted);
  input.value = "";
  return key;
}

async function change() {
  const before = heldKey();
  await asked(word("change_key"), "", true);
  if (heldKey() === before) return;
  if (!heldKey()) byId("content").focus();
  document.dispatchEvent(new Event("kexie-key"));
}

byId("change-key")?.addEventListener("click", change); // not in a portal: nobody there has a key
showButton();
