// A draft that is on the server: opened by its link, saved there again, and what was saved by others meanwhile.
import { messageOf } from "../../shared/errors.js";
import { keyActions } from "../../shared/key_dialog.js";
import { byId, moment, notice, page, settle, word } from "../../shared/page.js";
import { readingWarnings } from "../feedback/error_display.js";
import { read } from "../fields.js";
import { setOpened } from "../filing/opened_record.js";
import * as autoSave from "./auto_save.js";
import { described, nameOf } from "./draft_names.js";
import { showLink } from "./link_dialog.js";
import { adopt, currentId, describe, draft, drafts, use } from "./local_drafts.js";
import { create, fetchDraft, recordOf, replace } from "./server_drafts.js";

const LINK = /^#draft=([\w-]+)\.([\w-]+)$/;

/** The draft in use as the server keeps it. */
function body() {
  const values = Object.fromEntries([...read()].filter(([, text]) => text !== ""));
  return { name: draft()?.name ?? "", values, readings: readingWarnings() };
}

let started;

/** The one SharedDraft of the page. */
export function start(client, loader) {
  started ??= new SharedDraft(client, loader).begin();
  return started;
}

class SharedDraft {
  #client;
  #loader;

  constructor(client, loader) {
    this.#client = client;
    this.#loader = loader;
  }

  /** Activates the buttons of the box above the form. */
  begin() {
    this.show();
    byId("save-shared").addEventListener("click", () => this.#saveBack());
    byId("show-link").addEventListener("click", () => showLink(draft().server));
    this.#lookAgain();
    return this;
  }

  /** Says so if the draft in use was archived by somebody else since this browser saved it. */
  async #lookAgain() {
    const link = draft()?.server;
    try {
      const record = link && recordOf(await fetchDraft(this.#client, link));
      if (record) this.#archived(record, link);
    } catch {
      // without the server it is filled in all the same
    }
  }

  /** Shows whether the draft in use is on the server. */
  show() {
    const link = draft()?.server;
    byId("shared").hidden = !link || !page.draft_days;
    if (!link) return;
    byId("shared-state").textContent = word("shared_state", { time: moment(new Date(link.saved)), until: day(link.expires) });
  }

  /** Saves the draft in use on the server, and shows its link. */
  async share() {
    autoSave.flush();
    const kept = draft();
    if (!kept) return notice(word("share_nothing"));
    if (kept.server) return this.#saveBack(() => showLink(draft().server));
    return this.#try(() => this.share(), async () => {
      const link = await create(this.#client, body());
      describe(currentId(), { server: link });
      this.show();
      showLink(link);
    });
  }

  #saveBack(then = () => {}) {
    autoSave.flush();
    const link = draft().server;
    return this.#try(() => this.#saveBack(then), async () => {
      describe(currentId(), { server: await replace(this.#client, link, body()) });
      this.show();
      notice(word("shared_saved"));
      settle();
      then();
    });
  }

  /** Opens the draft of the address, if it has one. */
  async openLink() {
    const found = LINK.exec(location.hash);
    if (!found) return;
    const link = { form: page.form, year: page.year, id: found[1], secret: found[2] };
    await this.#try(() => this.openLink(), async () => {
      const saved = await fetchDraft(this.#client, link);
      const record = recordOf(saved);
      if (record) return this.#archived(record, link);
      return this.#take(saved, { ...link, version: saved.version, saved: saved.saved, expires: saved.expires });
    });
  }

  /** Takes a draft of the server into use, as a draft of its own unless this browser has this very version. */
  #take(saved, link) {
    autoSave.flush();
    forgetAddress();
    const known = drafts(page.form, page.year).find(({ server }) => server?.id === link.id && server.version === link.version);
    try {
      if (known) use(known.id);
      else adopt(saved, link);
    } catch {
      notice(word("draft_no_way"));
      return;
    }
    this.#loader.open();
    this.show();
    const whose = { name: saved.name, submitter: saved.values[page.submitter] ?? "", saved: new Date(saved.saved) };
    notice(word(known ? "shared_known" : "shared_opened", { draft: described(whose) }));
    settle();
  }

  /** A draft was archived as a record: a copy of it in this browser becomes its next version. */
  #archived(record, link) {
    autoSave.flush();
    forgetAddress();
    const mine = drafts(page.form, page.year).find(({ server }) => server?.id === link.id);
    if (mine) {
      describe(mine.id, { server: undefined });
      if (mine.id !== currentId()) {
        use(mine.id);
        this.#loader.open();
      }
      setOpened(record);
      autoSave.saveNow();
    }
    this.show();
    const see = () => location.assign(`${page.pages}records/${record.key}${page.lang === "en" ? "?lang=en" : ""}`);
    notice(word(mine ? "shared_filed_mine" : "shared_filed", record), [word("see_record"), see]);
  }

  async #try(again, action) {
    try {
      await action();
    } catch (problem) {
      if (problem.code === "draft_changed") return this.#changedElsewhere();
      if (["unknown_draft", "draft_expired"].includes(problem.code)) {
        forgetAddress();
        describe(currentId(), { server: undefined });
        this.show();
      }
      notice(messageOf(problem), ...keyActions(problem, again));
    }
    return null;
  }

  /** Somebody else has saved the draft: theirs is opened beside this one, or replaced by it. */
  async #changedElsewhere() {
    const link = draft().server;
    await this.#try(() => this.#changedElsewhere(), async () => {
      const saved = await fetchDraft(this.#client, link);
      const record = recordOf(saved);
      if (record) return this.#archived(record, link);
      const newer = { ...link, version: saved.version, saved: saved.saved, expires: saved.expires };
      const take = () => {
        describe(currentId(), { server: undefined, name: word("draft_mine", { name: nameOf(draft()) }) });
        this.#take(saved, newer);
      };
      const overwrite = () => {
        describe(currentId(), { server: newer });
        this.#saveBack();
      };
      return notice(word("shared_changed", { time: moment(new Date(saved.saved)) }), [word("shared_take"), take], [word("shared_overwrite"), overwrite]);
    });
  }
}

const day = (time) => moment(new Date(time)).slice(0, 10);

/** Takes the secret out of the address. */
function forgetAddress() {
  if (LINK.test(location.hash)) history.replaceState(null, "", location.pathname + location.search);
}
