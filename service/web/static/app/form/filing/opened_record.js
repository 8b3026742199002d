// The record that the form changes: kept with its values, named above it, and let go on demand.
import { byId, page } from "../../shared/page.js";
import { form } from "../fields.js";

/** Shows which record is changed, if any. */
export function showOpened() {
  byId("changing").hidden = !form.elements.after.value;
  byId("changing").querySelector("b").textContent = form.elements.after_name.value;
  const link = byId("changing").querySelector("a"); // not in a portal
  if (link) link.href = `${page.pages}records/${form.elements.after.value}${page.lang === "en" ? "?lang=en" : ""}`;
}

/** Names the record that the form changes from now on. */
export function setOpened({ key, name }) {
  form.elements.after.value = key;
  form.elements.after_name.value = name;
  showOpened();
}

/** Lets the record go by the button beside its name; calls `changed()`. */
export function watchOpened(changed) {
  byId("changing").querySelector("button").addEventListener("click", () => {
    setOpened({ key: "", name: "" });
    changed();
  });
  showOpened();
}
