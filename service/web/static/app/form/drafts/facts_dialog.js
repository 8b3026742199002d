// The dialog that takes over facts: of a record, or of another draft of this browser.
import { messageOf } from "../../shared/errors.js";
import { keyActions } from "../../shared/key_dialog.js";
import { byId, element, page, word } from "../../shared/page.js";
import { control, read, write } from "../fields.js";
import { nameOf as labelOf } from "../feedback/field_names.js";
import { described, titleOf } from "./draft_names.js";
import { currentId, drafts } from "./local_drafts.js";

const address = `/forms/${page.form}/${page.year}/facts`;

/** Opens the dialog. */
export function open(client, loader) {
  const dialog = byId("facts-dialog");
  const chosen = { facts: [], name: "" };
  const choose = (name, body) => chooseSource(client, chosen, name, body);
  const find = () => findRecords(client, choose);
  byId("find-records").onclick = find;
  byId("facts-submitter").onkeydown = (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  };
  byId("facts-back").onclick = () => showSources(choose);
  byId("facts-all").onchange = ({ target }) => {
    for (const box of boxes()) box.checked = target.checked;
    count();
  };
  byId("facts-table").onchange = count;
  byId("facts-take").onclick = () => {
    dialog.close();
    loader.change(() => take(chosen));
  };
  dialog.onclose = () => byId("facts-table").querySelector("tbody").replaceChildren();
  byId("facts-submitter").value = read().get(page.submitter) ?? "";
  showSources(choose);
  dialog.showModal();
  find();
}

const boxes = () => byId("facts-table").querySelectorAll("tbody input");

function showStep(name) {
  byId("facts-sources").hidden = name !== "sources";
  for (const id of ["facts-values", "facts-take", "facts-back"]) byId(id).hidden = name !== "values";
  byId("facts-status").textContent = "";
}

function source(label, detail, go) {
  return element("li", {}, element("button", { type: "button", class: "source", onclick: go }, element("span", {}, label), element("span", { class: "provenance" }, detail)));
}

function showSources(choose) {
  showStep("sources");
  const inUse = ({ form, year, id }) => form === page.form && year === page.year && id === currentId();
  const others = drafts().filter((draft) => !inUse(draft) && `${draft.form} ${draft.year}` in page.titles);
  byId("facts-drafts").replaceChildren(...others.map((draft) => {
    const body = { form: draft.form, year: draft.year, values: Object.fromEntries(draft.values) };
    return source(titleOf(draft), described(draft), () => choose(word("name_text", { name: titleOf(draft), text: described(draft) }), body));
  }));
  byId("facts-no-drafts").hidden = others.length > 0;
}

async function findRecords(client, choose) {
  const list = byId("facts-records");
  list.replaceChildren();
  try {
    const query = new URLSearchParams({ submitter: byId("facts-submitter").value.trim() });
    const { records } = await (await client.request(`${address}?${query}`, { quiet: true })).json();
    list.replaceChildren(...records.map((record) => source(titleOf(record), `${record.submitter} · ${record.id}`, () => choose(word("name_text", { name: titleOf(record), text: record.id }), { record: record.record }))));
    byId("facts-found").textContent = records.length ? "" : word("facts_no_records");
  } catch (problem) {
    byId("facts-found").replaceChildren(messageOf(problem), " ", ...keyActions(problem, () => findRecords(client, choose)).map(([label, ask]) => element("button", { type: "button", onclick: ask }, label)));
  }
}

async function chooseSource(client, chosen, name, body) {
  try {
    const { facts } = await (await client.post(address, body)).json();
    const values = read();
    chosen.name = name;
    chosen.facts = facts.filter(({ values: found }) => Object.entries(found).some(([key, text]) => (values.get(key) ?? "") !== text));
    showFacts(chosen, facts.length - chosen.facts.length);
  } catch (problem) {
    byId("facts-status").textContent = messageOf(problem);
  }
}

function showFacts({ facts, name }, same) {
  showStep("values");
  byId("facts-from").textContent = word("facts_from", { name });
  byId("facts-same").textContent = same ? word("facts_same", { count: same }) : facts.length ? "" : word("facts_none");
  byId("facts-table").hidden = !facts.length;
  byId("facts-table").querySelector("tbody").replaceChildren(...facts.map((fact, at) => {
    const now = shown(fact.pointer);
    const box = element("input", { type: "checkbox", id: `fact-${at}` });
    box.checked = !now;
    const label = element("label", { for: `fact-${at}` }, labelOf(fact));
    return element("tr", {}, element("td", {}, box), element("th", { scope: "row" }, label), element("td", {}, now || word("blank")), element("td", {}, fact.text));
  }));
  count();
}

/** What a field of the form holds, as people see it; "" if blank. */
function shown(pointer) {
  const found = control(pointer);
  if (found?.tagName !== "FIELDSET") return found?.value.trim() ?? "";
  const ticked = [...found.querySelectorAll("input:checked")].filter(({ value }) => value);
  return ticked.map((input) => input.closest("label").textContent.trim()).join(word("between"));
}

function count() {
  const all = [...boxes()];
  const taken = all.filter(({ checked }) => checked).length;
  byId("facts-all").checked = taken > 0 && taken === all.length;
  byId("facts-all").indeterminate = taken > 0 && taken < all.length;
  byId("facts-take").disabled = !taken;
  byId("facts-take").textContent = word("facts_take", { count: taken });
}

/** Fills in the chosen facts; returns the notice. */
function take({ facts, name }) {
  const taken = facts.filter((_, at) => byId(`fact-${at}`).checked);
  const values = read();
  for (const fact of taken) {
    for (const key of [...values.keys()]) if (key === fact.pointer || key.startsWith(`${fact.pointer}/`)) values.delete(key);
    for (const [key, text] of Object.entries(fact.values)) values.set(key, text);
  }
  write(values);
  return { text: word("facts_taken", { count: taken.length, name }) };
}
