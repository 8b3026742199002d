// Saves data as JSON, and reads data files and filled documents.
import { byId, elementOf, notice, page, word } from "./page.js";
import { save } from "./client.js";
import { UserFacingError, messageOf } from "./errors.js";
import { keyActions } from "./key_dialog.js";

/** Saves the payload with its form and year, named like the documents. */
export function saveJson(data, values) {
  const text = JSON.stringify({ form: page.form, year: page.year, data }, null, 2);
  const submitter = (values.get(page.submitter) ?? "").replace(new RegExp(page.unsafe, "g"), "").replace(/^[ .]+|[ .]+$/g, "");
  const named = submitter ? `（${[...submitter].slice(0, 60).join("")}）` : "";
  save(new Blob([text], { type: "application/json" }), `${page.title}${named}.json`);
}

/** Reads a data file or a document and calls `fill({form, year, data, warnings}, name)`. */
export async function readFile(file, client, fill) {
  notice(word("reading"));
  try {
    const isJson = file.name.toLowerCase().endsWith(".json") || file.type === "application/json";
    fill(isJson ? await readJson(file) : await readDocument(file, client), file.name);
  } catch (problem) {
    notice(word("name_text", { name: file.name, text: messageOf(problem) }), ...keyActions(problem, () => readFile(file, client, fill)));
  }
}

async function readJson(file) {
  let data;
  try {
    data = JSON.parse(await file.text());
  } catch {
    data = null;
  }
  if (!isObject(data)) throw new UserFacingError(word("not_json"));
  const wrapped = "form" in data && isObject(data.data) ? data : { form: page.form, year: page.year, data };
  return { warnings: [], form: wrapped.form, year: wrapped.year ?? page.year, data: wrapped.data };
}

const isObject = (found) => found !== null && typeof found === "object" && !Array.isArray(found);

async function readDocument(file, client) {
  if (!byId("read-docx")) throw new UserFacingError(word("not_json")); // tokens cannot read documents
  const body = new FormData();
  body.append("file", file);
  const response = await client.request("/extract", { method: "POST", body });
  return response.json();
}

/** Accepts files from the buttons or dropped on the page; calls `onFile(file)`. */
export function watchFiles(onFile) {
  for (const id of ["load-json", "read-docx"]) {
    byId(id)?.addEventListener("change", (event) => {
      const input = elementOf(event);
      const [file] = input.files;
      if (file) onFile(file);
      input.value = "";
    });
  }
  watchDrop(onFile);
}

const carriesFile = (event) => event.dataTransfer?.types.includes("Files");

/** A file dropped beside an entry for files is not opened; the page says where to drop it. */
export function refuseDrop() {
  const refused = (event) => {
    if (!carriesFile(event) || elementOf(event).matches?.("input[type='file']")) return;
    event.preventDefault();
    if (event.type !== "drop") return;
    notice(word("drop_elsewhere"));
    byId("notice").scrollIntoView({ block: "nearest" });
  };
  window.addEventListener("dragover", refused);
  window.addEventListener("drop", refused);
}

/** Accepts files dropped on the page; calls `onFile(file, all)`. */
export function watchDrop(onFile) {
  const sign = byId("drop");
  window.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  window.addEventListener("dragleave", (event) => { if (!event.relatedTarget) sign.hidden = true; });
  window.addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!carriesFile(event)) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) onFile(file, event.dataTransfer.files);
  });
}

