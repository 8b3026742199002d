// Files in and out: data as JSON, and a filled document that is read.
import { byId, elementOf, notice, page, word } from "./page.js";
import { save } from "./client.js";
import { Told, worded } from "./errors.js";
import { keyActions } from "./key_dialog.js";

/** Saves the payload as a file that knows its form, named as the documents are. */
export function saveJson(data, values) {
  const text = JSON.stringify({ form: page.form, year: page.year, data }, null, 2);
  const submitter = (values.get(page.submitter) ?? "").replace(new RegExp(page.unsafe, "g"), "").replace(/^[ .]+|[ .]+$/g, "");
  const named = submitter ? `（${[...submitter].slice(0, 60).join("")}）` : "";
  save(new Blob([text], { type: "application/json" }), `${page.title}${named}.json`);
}

/** Takes a file of data, or a document: calls `fill(found, name)` with {form, year, data, warnings}. */
export async function take(file, client, fill) {
  notice(word("reading"));
  try {
    const isJson = file.name.toLowerCase().endsWith(".json") || file.type === "application/json";
    fill(isJson ? await readJson(file) : await readDocument(file, client), file.name);
  } catch (problem) {
    notice(word("name_text", { name: file.name, text: worded(problem) }), ...keyActions(problem, () => take(file, client, fill)));
  }
}

async function readJson(file) {
  let data;
  try {
    data = JSON.parse(await file.text());
  } catch {
    data = null;
  }
  if (!isObject(data)) throw new Told(word("not_json"));
  const wrapped = "form" in data && isObject(data.data) ? data : { form: page.form, year: page.year, data };
  return { warnings: [], form: wrapped.form, year: wrapped.year ?? page.year, data: wrapped.data };
}

const isObject = (found) => found !== null && typeof found === "object" && !Array.isArray(found);

async function readDocument(file, client) {
  if (!byId("read-docx")) throw new Told(word("not_json")); // a token reads no documents
  const body = new FormData();
  body.append("file", file);
  const response = await client.request("/extract", { method: "POST", body });
  return response.json();
}

/** Lets the person choose files by the buttons, or drop one anywhere; `taken(file)`. */
export function watchFiles(taken) {
  for (const id of ["load-json", "read-docx"]) {
    byId(id)?.addEventListener("change", (event) => {
      const input = elementOf(event);
      const [file] = input.files;
      if (file) taken(file);
      input.value = "";
    });
  }
  watchDrop(taken);
}

/** Lets the person drop a file anywhere on the page; `taken(file, all)`. */
export function watchDrop(taken) {
  const sign = byId("drop");
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
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
    if (file) taken(file, event.dataTransfer.files);
  });
}

