// The page of a record: page preview, verification, loading its data into the form.
import { client, fetched, replace, showProblem, start } from "../shared/page_base.js";
import { leave } from "../form/drafts/local_drafts.js";
import { refuseDrop } from "../shared/files.js";
import { messageOf } from "../shared/errors.js";
import { Latest, swap } from "../shared/latest_request.js";
import { announce, byId, disable, elementOf, notice, page, word } from "../shared/page.js";
import { valuesOf } from "../form/payload.js";

const latest = new Latest();
let record;
let number = 1; // the page shown
let aim = 1; // the page requested
let count = 0;

async function showPage(wanted) {
  const signal = latest.begin();
  aim = wanted;
  byId("preview-status").textContent = word("page_loading");
  try {
    const response = await client.request(`${record.parts.pdf}?format=png&page=${wanted}`, { signal });
    await swap(byId("page"), await response.blob(), signal);
    signal.throwIfAborted();
    count = Number(response.headers.get("X-Page-Count"));
    number = wanted;
    byId("paper").scrollTop = 0;
    byId("preview-status").textContent = "";
  } catch (problem) {
    if (signal.aborted) return;
    aim = number;
    if (problem.wantsKey) showProblem(problem, () => showPage(wanted));
    byId("preview-status").textContent = messageOf(problem);
  }
  byId("page").alt = word("preview_page", { page: number, count });
  byId("page-of").textContent = count ? word("page_of", { page: number, count }) : "";
  disable(byId("previous"), number <= 1);
  disable(byId("next"), number >= count);
}

function turn(step) {
  if (aim + step >= 1 && aim + step <= count) showPage(aim + step);
}

async function verify() {
  byId("verify").textContent = word("verifying");
  try {
    const made = await fetched(byId("verify").getAttribute("href"));
    replace("files", made);
    replace("sealed", made);
    announce(byId("verified").textContent);
  } catch (problem) {
    byId("verify").textContent = word("verify");
    showProblem(problem, verify);
  }
}

/** Adds the chosen sealed copy and shows what was found of it. */
async function addSealed() {
  const file = byId("sealed-file").files[0];
  sealedFault(file ? "" : word("sealed_none"));
  if (!file) return byId("sealed-file").focus();
  const body = new FormData();
  body.append("file", file);
  byId("sealed-add").textContent = word("sealed_adding");
  try {
    await client.request(record.sealed, { method: "POST", body, timeout: 0 });
    replace("sealed", await fetched());
    announce(word("sealed_added"));
  } catch (problem) {
    byId("sealed-add").textContent = word("sealed_add");
    if (problem.wantsKey) showProblem(problem, addSealed);
    else sealedFault(messageOf(problem));
  }
  return undefined;
}

function sealedFault(text) {
  byId("sealed-fault").textContent = text;
  byId("sealed-fault").hidden = !text;
}

async function fill() {
  try {
    const data = await (await client.request(record.parts.payload)).json();
    const from = { name: word("record_of", { id: record.id }), warnings: [] };
    const values = valuesOf(data).set("after", record.key).set("after_name", record.name);
    if (!leave(values, record.form, record.year, from)) return notice(word("draft_no_way"));
    return location.assign(`${page.pages}forms/${record.form}/${record.year}${page.lang === "en" ? "?lang=en" : ""}`);
  } catch (problem) {
    return showProblem(problem, fill);
  }
}

document.addEventListener("click", (event) => {
  const { id } = elementOf(event);
  if (id === "previous") turn(-1);
  if (id === "next") turn(1);
  if (id === "load") fill();
  if (id === "verify") {
    event.preventDefault();
    verify();
  }
});

document.addEventListener("submit", (event) => {
  if (elementOf(event).id !== "sealed-form") return;
  event.preventDefault();
  addSealed();
});

refuseDrop();
start(() => {
  const data = document.getElementById("record-data"); // a destroyed record has none
  if (!data) return;
  record = JSON.parse(data.textContent);
  if (record.parts.pdf) showPage(1);
});
