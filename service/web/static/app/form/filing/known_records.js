// What the archive has of the applicant of a form that was read, shown at once so that it becomes the next version.
import { announce, byId, notice, page, word } from "../../shared/page.js";
import { form, read } from "../fields.js";
import { setOpened } from "./opened_record.js";

const LOOKED_AT = 50; // newest records of which a name is a part of the applicant's

/** Shows it to users who may read records; `changed()` is called when the form becomes a next version. */
export async function showKnown(client, changed) {
  const applicant = (read().get(page.submitter) ?? "").trim();
  if (!applicant || form.elements.after.value) return;
  const records = await found(client, applicant);
  if (!records.length) return;
  const [{ key, id, version }] = records;
  const name = word("version_name", { id, version });
  const become = () => {
    notice("");
    setOpened({ key, name });
    byId("changing").scrollIntoView({ block: "center" });
    announce(byId("changing").querySelector("p").textContent);
    changed();
  };
  addNotice(word("in_archive", { count: records.length, name }), [word("as_next"), become]);
}

/** Adds a text and a button to the notice that is shown. */
function addNotice(text, action) {
  const box = byId("notice");
  const said = box.querySelector("p")?.textContent ?? "";
  const buttons = box.querySelectorAll("button:not(.plain)");
  notice(`${said} ${text}`, action);
  box.querySelector("p").after(...buttons);
}

/** The applicant's records of this form and year, the last first; none where the archive cannot be read. */
async function found(client, applicant) {
  const query = new URLSearchParams({ form: page.form, year: page.year, name: applicant, sort: "-created", limit: String(LOOKED_AT) });
  try {
    const { records } = await (await client.request(`/records?${query}`, { quiet: true })).json();
    return records.filter(({ submitter }) => submitter.trim() === applicant);
  } catch {
    return []; // the review shows it as well
  }
}
