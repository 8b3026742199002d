// The dialog with the drafts of this form in this browser, and those that this browser has saved on the server.
import { messageOf } from "../../shared/errors.js";
import { byId, element, moment, page, word } from "../../shared/page.js";
import * as autoSave from "./auto_save.js";
import { details, nameOf, titleOf } from "./draft_names.js";
import { showLink } from "./link_dialog.js";
import { currentId, describe, drafts, forget, use, useNew } from "./local_drafts.js";
import { listed, remove } from "./server_drafts.js";

/** Opens the dialog; `shared` is the page's SharedDraft. */
export function open(client, loader, shared) {
  const dialog = byId("drafts-dialog");
  const change = (action) => {
    autoSave.flush();
    action();
    loader.open();
    shared.show();
  };
  const close = (action) => {
    dialog.close();
    change(action);
  };
  byId("new-draft").onclick = () => close(useNew);
  autoSave.flush();
  show(close, change, client, shared);
  dialog.showModal();
}

function show(close, change, client, shared) {
  const found = drafts(page.form, page.year);
  byId("drafts-none").hidden = found.length > 0;
  byId("drafts-here").replaceChildren(...found.map((draft) => localItem(draft, close, change)));
  const saved = page.draft_days ? listed() : [];
  byId("drafts-shared").hidden = !saved.length;
  byId("drafts-there").replaceChildren(...saved.map((link) => serverItem(link, client, shared)));
}

function localItem(draft, close, change) {
  const inUse = draft.id === currentId();
  const label = { draft: nameOf(draft) };
  const rename = ({ target }) => describe(draft.id, { name: target.value.trim() });
  const entry = element("input", { type: "text", maxlength: "100", value: draft.name, placeholder: word("draft_unnamed"), "aria-label": word("draft_name"), autocomplete: "off", onchange: rename });
  const action = inUse
    ? element("span", { class: "state" }, word("draft_in_use"))
    : element("button", { type: "button", "aria-label": word("draft_open_which", label), onclick: () => close(() => use(draft.id)) }, word("draft_open"));
  const remover = element("button", { type: "button", class: "danger", "aria-label": word("draft_delete_which", label), onclick: () => removeLocal(draft, item, inUse ? change : (action) => action()) }, word("remove"));
  const item = element("li", {}, element("div", {}, entry, details({ ...draft, name: draft.submitter })), action, remover);
  return item;
}

/** Deletes a draft of this browser, with a way back; `change(action)` changes the drafts. */
function removeLocal(draft, item, change) {
  let putBack;
  change(() => { putBack = forget(draft.id); });
  const undo = element("button", { type: "button", onclick: () => {
    change(putBack);
    gone.replaceWith(item);
    item.querySelector(".danger").focus();
  } }, word("undo"));
  const gone = element("li", {}, element("span", { role: "status" }, word("draft_deleted", { draft: nameOf(draft) })), undo);
  item.replaceWith(gone);
  undo.focus();
}

function serverItem(link, client, shared) {
  const expired = new Date(link.expires) < new Date();
  const until = word(expired ? "shared_expired" : "shared_until", { day: moment(new Date(link.expires)).slice(0, 10) });
  const name = element("span", {}, word("name_text", { name: titleOf(link), text: nameOf(link) }));
  const label = { draft: nameOf(link) };
  const item = element("li", {}, name, element("span", { class: "provenance" }, until));
  if (!expired) item.append(element("button", { type: "button", "aria-label": word("link_show_which", label), onclick: () => showLink(link) }, word("link_show")));
  const state = element("span", { role: "status" });
  const sure = async () => {
    try {
      await remove(client, link);
      for (const { id, server } of drafts(page.form, page.year)) if (server?.id === link.id) describe(id, { server: undefined });
      shared.show();
      item.replaceChildren(element("span", { role: "status" }, word("shared_deleted", label)));
    } catch (problem) {
      state.textContent = messageOf(problem);
    }
  };
  const ask = (event) => {
    state.textContent = word("shared_delete_sure");
    event.target.replaceWith(element("button", { type: "button", class: "danger", onclick: sure }, word("confirm_delete")));
    item.querySelector(".danger").focus();
  };
  item.append(element("button", { type: "button", class: "danger", "aria-label": word("draft_delete_which", label), onclick: ask }, word("remove")), state);
  return item;
}
