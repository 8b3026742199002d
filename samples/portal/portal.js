// What all pages of this portal do: mark themselves in the menu, show their own code and the events of the form.
const EVENTS = ["kexie-ready", "kexie-change", "kexie-submit", "kexie-expired", "kexie-error"];
const form = document.querySelector("kexie-form");
const aside = document.querySelector("aside");

document.querySelector(`nav [href="${location.pathname}"]`)?.setAttribute("aria-current", "page");
aside.setAttribute("aria-label", "给门户的开发者");
aside.insertAdjacentHTML("afterbegin", '<h2>本页的代码</h2><pre id="code" tabindex="0" aria-label="本页的代码"></pre>');
aside.insertAdjacentHTML("beforeend", '<h2>收到的事件</h2><ul id="log"></ul>');

/** The element's tag as a page has it, without its token. */
const tag = () => form.cloneNode(false).outerHTML
  .replace(/ class="shown"| style="[^"]*"/g, "")
  .replace(/token="[^"]+"/, 'token="…"')
  .replace(/="({.*})"/, "='$1'").replaceAll("&quot;", '"')
  .replaceAll('=""', "");
const lines = [...document.querySelectorAll(".shown")].map((each) => (each === form ? tag() : each.textContent.trim()));
document.getElementById("code").textContent = lines.join("\n\n");

for (const name of EVENTS) {
  form.addEventListener(name, ({ detail }) => {
    const item = document.createElement("li");
    const title = document.createElement("code");
    title.textContent = name;
    item.append(title, ` ${detail.reason ? `${detail.reason}：${detail.message}` : detail.record?.id ?? ""}`);
    const log = document.getElementById("log");
    if (name === "kexie-change" && log.firstChild?.textContent.startsWith(name)) log.firstChild.remove();
    log.prepend(item);
  });
}
