// Asks for an access key.
import { byId, word } from "./page.js";

/** Resolves to the key that the person types, or "". */
export function askKey(again) {
  const dialog = byId("key-dialog");
  const input = byId("key");
  byId("key-error").textContent = again ? word("key_wrong") : "";
  input.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok" ? input.value.trim() : ""), { once: true });
  });
}
