// The list of a blank's places and their outlines on its pages: one shows where the other is.
import { byId, elementOf } from "../shared/page.js";

const itemOf = (number) => byId(`place-${number}`);
const spotsOf = (number) => document.querySelectorAll(`.spot[data-number="${number}"]`);
const PARTS = ".place, .spot";

/** Joins list and outlines; `add(where)` is called for a free cell that is clicked. */
export function watchPlaces(add) {
  const area = byId("draft");
  for (const entered of ["pointerover", "focusin"]) {
    area.addEventListener(entered, (event) => {
      const part = elementOf(event).closest(PARTS);
      if (part) mark(part.dataset.number, part.matches(".place"));
    });
  }
  // "toggle" does not bubble.
  area.addEventListener("toggle", (event) => { if (elementOf(event).open) elementOf(event).firstElementChild.scrollIntoView({ block: "nearest" }); }, true);
  area.addEventListener("change", (event) => {
    if (elementOf(event).id === "f/add") markCell(elementOf(event).value);
  });
  area.addEventListener("click", (event) => {
    const cell = elementOf(event).closest(".free");
    if (cell) add(cell.dataset.add);
    const link = elementOf(event).closest("a[href^='#place-']");
    if (!link) return;
    event.preventDefault();
    openPlace(link.getAttribute("href").replace("#place-", ""));
  });
  area.addEventListener("click", (event) => {
    const link = elementOf(event).closest("#draft-summary a");
    if (!link) return;
    event.preventDefault();
    focusEntry(document.getElementById(link.getAttribute("href").slice(1)));
  });
}

/** Marks a place in the list and on the page, which is scrolled there if `shown`. */
function mark(number, shown) {
  for (const part of document.querySelectorAll(`:is(${PARTS}).current`)) part.classList.remove("current");
  itemOf(number)?.classList.add("current");
  for (const spot of spotsOf(number)) spot.classList.add("current");
  if (shown && spotsOf(number).length) scrollTo(spotsOf(number)[0]);
}

function markCell(where) {
  for (const cell of document.querySelectorAll(".free")) {
    const wanted = cell.getAttribute("data-add") === where;
    cell.classList.toggle("current", wanted);
    if (wanted) scrollTo(cell);
  }
}

/** Scrolls the pages, and nothing around them, so that a part is in sight. */
function scrollTo(part) {
  const pages = byId("pages");
  const seen = pages.getBoundingClientRect();
  const box = part.getBoundingClientRect();
  if (box.top < seen.top + 8 || box.bottom > seen.bottom - 8) pages.scrollTop += box.top - seen.top - seen.height / 3;
  if (box.left < seen.left + 8 || box.right > seen.right - 8) pages.scrollLeft += box.left - seen.left - seen.width / 4;
}

/** Opens a place in the list and goes to it, with `naming` to its label. */
export function openPlace(number, { naming = false } = {}) {
  const item = itemOf(number);
  showStepOf(item);
  item.querySelector("details").open = true;
  if (naming) byId(`f/fields/${number}/label`).select();
  else item.querySelector("summary").focus();
}

/** Goes to the step that has a part of the page. */
function showStepOf(part) {
  const step = part?.closest(".step");
  if (step?.hidden) document.querySelector(`[data-step="${step.id.replace("step-", "")}"]`).click();
}

function focusEntry(entry) {
  showStepOf(entry);
  const details = entry?.closest("details");
  if (details) details.open = true;
  entry?.focus();
}

/** Shows a change of an entry in the line of its place, and on the page. */
export function showChanges(entry) {
  const item = entry.closest(".place");
  if (!item) return;
  const at = `/fields/${item.dataset.number}`;
  item.querySelector(".name").textContent = byId(`f${at}/label`).value;
  item.querySelector(".kind-name").textContent = byId(`f${at}/kind`).selectedOptions[0].textContent;
  for (const spot of spotsOf(item.dataset.number)) {
    spot.toggleAttribute("data-out", !item.querySelector(".keep input").checked);
    spot.setAttribute("aria-label", `${item.dataset.number} ${byId(`f${at}/label`).value}`);
  }
}

/** Whether an entry is a kind that needs options while they are still to be written. */
export function awaitsOptions(entry) {
  const options = entry.name.endsWith("/kind") && byId(`f${entry.name.replace("/kind", "/options")}`);
  return Boolean(options) && !options.value.trim() && "options" in entry.selectedOptions[0].dataset;
}

/** Shows which places of a page that was fetched are in doubt. */
function showDoubts(made) {
  document.querySelector(".found").replaceWith(document.adoptNode(made.querySelector(".found")));
  for (const item of made.querySelectorAll(".place")) {
    const here = byId(item.id);
    if (!here) continue;
    for (const part of [here, ...spotsOf(item.dataset.number)]) part.toggleAttribute("data-doubt", "doubt" in item.dataset);
    for (const words of [".doubt", ".reason"]) here.querySelector(words).textContent = item.querySelector(words).textContent;
  }
}

/** Shows the errors of a page that was fetched, beside their entries and in the list, and its doubts. */
export function showFaults(made) {
  for (const place of made.querySelectorAll(".field-errors")) {
    const here = byId(place.id);
    if (!here) continue;
    here.replaceChildren(...place.childNodes);
    const entry = byId(`f${place.id.slice(1)}`);
    if (here.childElementCount) entry?.setAttribute("aria-invalid", "true");
    else entry?.removeAttribute("aria-invalid");
  }
  byId("draft-summary").replaceWith(document.adoptNode(made.getElementById("draft-summary")));
  showDoubts(made);
}

/** Adds the places of a fetched page that are not here yet; returns the number of the last, "" for none. */
export function addPlaces(made, where) {
  let last = "";
  for (const item of made.querySelectorAll(".place")) {
    if (byId(item.id)) continue;
    last = item.dataset.number;
    const before = item.previousElementSibling;
    if (before) byId(before.id).after(document.adoptNode(item));
    else byId("places").prepend(document.adoptNode(item));
    for (const spot of made.querySelectorAll(`.spot[data-number="${last}"]`)) {
      byId(spot.closest("svg").id).append(document.adoptNode(spot));
    }
  }
  if (!last) return "";
  document.querySelector(`.free[data-add="${where}"]`)?.remove();
  byId("f/add").querySelector(`option[value="${where}"]`)?.remove();
  document.querySelector(".add-place").hidden = byId("f/add").options.length < 2;
  return last;
}
