// What all pages of this portal do: show their own code, and the events of the form.
const EVENTS = ["kexie-ready", "kexie-change", "kexie-submit", "kexie-expired", "kexie-error"];
const form = document.querySelector("kexie-form");

const lines = [...document.querySelectorAll(".shown")].map((each) => (each === form ? each.cloneNode(false).outerHTML.replace(/ class="shown"| style="[^"]*"/g, "").replace(/token="[^"]+"/, 'token="…"').replace(/="({.*})"/, "='$1'").replaceAll("&quot;", '"').replaceAll('=""', "") : each.textContent.trim()));
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
