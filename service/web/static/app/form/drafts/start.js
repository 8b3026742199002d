// Starts the drafts of a form page: restored and saved in this browser, and, where the service allows it, on the server.
import { Unreachable, messageOf } from "../../shared/errors.js";
import { byId, element, notice, page } from "../../shared/page.js";
import * as autoSave from "./auto_save.js";
import { draft, forget, use } from "./local_drafts.js";

const OPEN = /^#open=([\w-]*)$/; // a draft of this browser
const LINK = /^#draft=/; // one of the server

export function startDrafts(client, loader) {
  const chosen = OPEN.exec(location.hash);
  if (chosen) {
    use(chosen[1]);
    history.replaceState(null, "", location.pathname + location.search);
  }
  loader.begin();
  window.addEventListener("pagehide", autoSave.flush);
  document.addEventListener("kexie-settled", () => autoSave.saveNow());
  const shared = async () => (await import("./shared_draft.js")).start(client, loader);
  byId("open-drafts").addEventListener("click", loaded(async () => (await import("./drafts_dialog.js")).open(client, loader, await shared())));
  byId("take-facts").addEventListener("click", loaded(async () => (await import("./facts_dialog.js")).open(client, loader)));
  if (!page.draft_days) return;
  byId("share").addEventListener("click", loaded(async () => (await shared()).share()));
  const openLink = loaded(async () => (await shared()).openLink());
  window.addEventListener("hashchange", () => { if (LINK.test(location.hash)) openLink(); });
  if (LINK.test(location.hash)) openLink();
  else if (draft()?.server) loaded(shared)();
}

let styled; // once the style of the dialogs is loaded

/** `action`, which loads its module and its style; a notice is shown if that fails. */
const loaded = (action) => async () => {
  styled ??= new Promise((done) => {
    const href = String(new URL("../../../drafts.css", import.meta.url));
    document.head.append(element("link", { rel: "stylesheet", href, onload: done, onerror: done }));
  });
  try {
    await styled;
    await action();
  } catch (error) {
    notice(messageOf(error instanceof TypeError ? new Unreachable(error) : error));
  }
};

/** The draft in use was archived: it is deleted, and its link leads to the record {key, name} from now on. */
export async function settleDraft(client, record) {
  const link = draft()?.server;
  clearDraft();
  try {
    if (link && page.draft_days) await (await import("./server_drafts.js")).settle(client, link, record);
  } catch {
    // somebody else has saved, deleted or outlived it: it stays what it is
  }
}

/** Deletes the draft in use; returns how to put it back. */
export function clearDraft() {
  autoSave.drop();
  const putBack = forget();
  const box = byId("shared");
  const { hidden } = box;
  box.hidden = true;
  return () => {
    putBack();
    box.hidden = hidden;
  };
}
