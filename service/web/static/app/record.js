// The page of a record: its document's pages, its proof, its data back in the form.
import { client, fetched, replace, say, start } from "./archive.js";
import { draft, keep } from "./draft.js";
import { announce, byId, notice, page, word } from "./page.js";
import { valuesOf } from "./payload.js";

let record;
let number = 1;
let count = 0;

async function showPage(wanted) {
  const image = byId("page");
  byId("preview-status").textContent = word("page_loading");
  try {
    const response = await client.request(`${record.parts.pdf}?format=png&page=${wanted}`);
    count = Number(response.headers.get("X-Page-Count"));
    number = wanted;
    const before = image.src;
    image.src = URL.createObjectURL(await response.blob());
    await image.decode();
    image.alt = word("preview_page", { page: number, count });
    image.hidden = false;
    byId("paper").scrollTop = 0;
    if (before) URL.revokeObjectURL(before);
    byId("preview-status").textContent = "";
  } catch (problem) {
    if (problem.wantsKey) say(problem, () => showPage(wanted));
    byId("preview-status").textContent = problem.status ? problem.message : word("offline");
  }
  byId("page-of").textContent = count ? word("page_of", { page: number, count }) : "";
  byId("previous").disabled = number <= 1;
  byId("next").disabled = number >= count;
}

async function verify() {
  byId("verify").textContent = word("verifying");
  try {
    replace("files", await fetched(byId("verify").getAttribute("href")));
    announce(byId("verified").textContent);
  } catch (problem) {
    byId("verify").textContent = word("verify");
    say(problem, verify);
  }
}

function load() {
  if (!draft(record.form, record.year)) return fill();
  notice(word("load_replaces"), [word("load_replace"), fill]);
  byId("notice").querySelector("button").focus();
  return null;
}

async function fill() {
  try {
    const data = await (await client.request(record.parts.payload)).json();
    const from = { name: word("record_of", { id: record.id }), warnings: [] };
    keep(valuesOf(data), record.form, record.year, from);
    location.assign(`${page.pages}forms/${record.form}/${record.year}${page.lang === "en" ? "?lang=en" : ""}`);
  } catch (problem) {
    say(problem, fill);
  }
}

document.addEventListener("click", (event) => {
  const { id } = event.target;
  if (id === "previous") showPage(number - 1);
  if (id === "next") showPage(number + 1);
  if (id === "load") load();
  if (id === "verify") {
    event.preventDefault();
    verify();
  }
});

start(() => {
  record = JSON.parse(byId("record-data").textContent);
  if (record.parts.pdf) showPage(1);
});
