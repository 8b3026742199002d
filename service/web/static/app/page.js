// What the server tells the page: edition, language, words, addresses.

export const page = JSON.parse(document.getElementById("page-data").textContent);

/** A word of the page's language, its {names} filled in; of "one|many" the one that {count} asks for. */
export function word(key, values = {}) {
  const [one, many = one] = page.words[key].split("|");
  return (values.count === 1 ? one : many).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const byId = (id) => document.getElementById(id);

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

/** Tells people who do not see the page what has happened. */
export function announce(text) {
  const live = byId("live");
  live.textContent = "";
  requestAnimationFrame(() => { live.textContent = text; });
}

/** Shows a notice above the form, with buttons [text, action] if any; no text hides it. */
export const notice = (text, ...actions) => show(byId("notice"), text, actions);

/** `notice` for what a button began: told below the form where the button stands there. */
export function noticeOf(button) {
  const below = button?.closest(".actions-end");
  notice("");
  show(byId("notice-end"), "", []);
  return (text, ...actions) => show(byId(below ? "notice-end" : "notice"), text, actions);
}

function show(box, text, actions) {
  box.replaceChildren();
  box.hidden = !text;
  if (!text) return;
  box.append(element("p", {}, text));
  for (const [label, action] of actions) box.append(element("button", { type: "button", onclick: action }, label));
  box.append(element("button", { type: "button", class: "plain", onclick: () => show(box, "", []) }, word("close")));
}
