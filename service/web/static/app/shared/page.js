// Page data from the server (edition, language, texts, URLs) and DOM helpers.

export const page = JSON.parse(document.getElementById("page-data").textContent);

/** A text in the page's language with {names} filled in; {count} selects from "one|many". */
export function word(key, values = {}) {
  const [one, many = one] = page.words[key].split("|");
  return (values.count === 1 ? one : many).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const ANNOUNCED = 5_000; // ms
const SHOWN = 12_000; // ms until a notice of what was done covers nothing any more

/** An element of the page. @type {(id: string) => any} */
export const byId = (id) => document.getElementById(id);

/** The element on which an event happened. @type {(event: Event) => any} */
export const elementOf = (event) => event.target;

/** An element with text and children; `attributes` may hold listeners as onX functions. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

/** Disables a button with aria-disabled, so that it keeps the focus. */
export const disable = (button, idle) => button.setAttribute("aria-disabled", String(idle));

/** Formats a date and time as in China; with `clock` only hour and minute. */
export function moment(date, { clock = false } = {}) {
  const two = (number) => String(number).padStart(2, "0");
  const there = new Date(date.getTime() + 8 * 3_600_000);
  const time = `${two(there.getUTCHours())}:${two(there.getUTCMinutes())}`;
  return clock ? time : `${there.getUTCFullYear()}-${two(there.getUTCMonth() + 1)}-${two(there.getUTCDate())} ${time}`;
}

/** Shows the content for browsers with JavaScript. */
export function prepare(made) {
  for (const hidden of made.querySelectorAll("[data-js]")) hidden.hidden = false;
  for (const plain of made.querySelectorAll("[data-plain], noscript")) plain.remove();
}

let announced; // the timer of the last announcement

/** Announces a text to screen readers, which do not come upon it later. */
export function announce(text) {
  const live = byId("live");
  live.textContent = "";
  clearTimeout(announced);
  requestAnimationFrame(() => { live.textContent = text; });
  announced = setTimeout(() => { live.textContent = ""; }, ANNOUNCED);
}

/** Shows a notice, with buttons [text, action] if any; no text hides it. */
export function notice(text, ...actions) {
  noticeIn(document.querySelector(".notice-review") ?? byId("notice"), text, ...actions);
}

const boxes = () => document.querySelectorAll("#notice, .notice-rows, .notice-review");

/** `notice` in a given box; hides all others. */
export function noticeIn(place, text, ...actions) {
  for (const box of boxes()) {
    if (box !== place) show(box, "", []);
  }
  show(place, text, actions);
}

let settling; // the timer of the notice in view

/** Shrinks the notice in view after a while, unless the pointer or the focus is on it. */
export function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    const box = [...boxes()].find(({ hidden }) => !hidden);
    if (box?.matches(":hover, :focus-within")) settle();
    else box?.classList.add("settled");
  }, SHOWN);
}

/** Hides the notice with this text, if shown. */
export function hideNotice(text) {
  for (const box of boxes()) {
    if (text && box.textContent.includes(text)) show(box, "", []);
  }
}

function show(box, text, actions) {
  box.replaceChildren();
  box.hidden = !text;
  if (!text) return;
  clearTimeout(settling);
  box.classList.remove("settled");
  box.append(element("p", {}, text));
  for (const [label, action] of actions) box.append(element("button", { type: "button", onclick: action }, label));
  box.append(element("button", { type: "button", class: "plain", onclick: () => show(box, "", []) }, word("close")));
}

// A record's address replaces that of the form that was archived: either is loaded when gone back to.
const address = location.pathname;
window.addEventListener("popstate", () => { if (location.pathname !== address) location.reload(); });
