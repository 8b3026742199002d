// Starts the drafts of a form page: restored and saved in this browser, and, where the service allows it, on the server.
import { page } from "../../shared/page.js";
import * as autoSave from "./auto_save.js";
import { watchDraftsDialog } from "./drafts_dialog.js";
import { watchFacts } from "./facts_dialog.js";
import { forget, use } from "./local_drafts.js";
import { SharedDraft } from "./shared_draft.js";

const OPEN = /^#open=([\w-]*)$/; // a draft of this browser

export function startDrafts(client, loader) {
  const chosen = OPEN.exec(location.hash);
  if (chosen) {
    use(chosen[1]);
    history.replaceState(null, "", location.pathname + location.search);
  }
  loader.begin();
  window.addEventListener("pagehide", autoSave.flush);
  document.addEventListener("kexie-settled", () => autoSave.saveNow());
  const shared = page.draft_days ? new SharedDraft(client, loader) : null;
  const open = (change) => {
    autoSave.flush();
    change();
    loader.open();
    shared?.show();
  };
  watchDraftsDialog(client, open, shared);
  watchFacts(client, loader);
  shared?.begin();
}

/** Deletes the draft in use; returns how to put it back. */
export function clearDraft() {
  autoSave.drop();
  return forget();
}
