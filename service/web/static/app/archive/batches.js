// The page for submitting a batch.
import { client, showProblem, start } from "../shared/page_base.js";
import { messageOf } from "../shared/errors.js";
import { watchDrop } from "../shared/files.js";
import { byId, element, notice, page, word } from "../shared/page.js";

const input = byId("file");

function fault(text) {
  byId("fault").textContent = text;
  byId("fault").hidden = !text;
}

const SUFFIX = /\.[^.]*$/;
const NAMED = /\.(docx?|wps|odt|rtf|pdf|json)$/i; // files that take an id

async function send(event) {
  event.preventDefault();
  const chosenFiles = [...input.files];
  const [file] = chosenFiles;
  if (!file) {
    fault(word("batch_none"));
    input.focus();
    return;
  }
  fault("");
  const name = chosenFiles.length > 1 ? word("batch_files_count", { count: chosenFiles.length }) : file.name;
  notice(word("batch_sending", { name }));
  const [form, year] = byId("edition").value.split("/");
  const query = new URLSearchParams({ formats: byId("formats").value, ...(form ? { form, year } : {}) });
  const body = new FormData();
  for (const [at, each] of chosenFiles.entries()) {
    body.append("file", each);
    body.append("id", givenId(at));
  }
  try {
    const response = await client.request(`${page.api}/batches?${query}`, { method: "POST", body, timeout: 0 });
    const { id } = await response.json();
    location.assign(`${page.pages}batches/${id}${page.lang === "en" ? "?lang=en" : ""}`);
  } catch (problem) {
    if (problem.wantsKey) {
      showProblem(problem, () => byId("send").requestSubmit());
      return;
    }
    notice("");
    fault(word("name_text", { name, text: messageOf(problem) }));
  }
}

/** The id typed for a file; "" for that of its name. */
function givenId(at) {
  const field = byId(`id-${at}`);
  return !field || field.value === field.defaultValue ? "" : field.value.trim();
}

/** Names the chosen files, each document and saved data with its id: by default the file's name. */
function chosen() {
  fault("");
  const files = [...input.files];
  const several = files.length > 1 ? word("batch_files_count", { count: files.length }) : files[0]?.name;
  byId("chosen").textContent = several ?? word("batch_no_file");
  byId("files").hidden = files.length < 2 && !files.some(({ name }) => NAMED.test(name));
  byId("files").replaceChildren(...files.map(({ name }, at) => (NAMED.test(name) ? entry(name, at) : unnamed(name))));
}

function unnamed(name) {
  const help = name.toLowerCase().endsWith(".zip") ? [element("span", { class: "help" }, word("batch_id_of_zip"))] : [];
  return element("li", {}, element("span", { class: "name" }, name), ...help);
}

function entry(name, at) {
  const id = `id-${at}`;
  const value = name.replace(SUFFIX, "");
  const field = element("input", { id, type: "text", maxlength: 200, autocomplete: "off", value, "aria-label": word("batch_id_of", { name }) });
  return element("li", {}, element("span", { class: "name" }, name), element("label", { for: id }, word("id")), field);
}

// The browser's own button uses the browser's language.
input.classList.add("hidden");
byId("choose").hidden = false;
chosen();
byId("send").addEventListener("submit", send);
input.addEventListener("change", chosen);
watchDrop((_, files) => {
  input.files = files;
  chosen();
  input.focus();
});
start(() => {});
