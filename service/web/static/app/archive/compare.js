// The page that compares a record: with a key, a file is sent with it.
import { client, fetched, replace, showProblem, start } from "../shared/page_base.js";
import { announce, byId, elementOf, notice, word } from "../shared/page.js";

async function compareFile() {
  const form = byId("file-form");
  const again = byId("compare-file").textContent;
  byId("compare-file").textContent = word("comparing");
  try {
    const made = await fetched(form.action, { method: "POST", body: new FormData(form), timeout: 0 });
    notice("");
    replace("area", made);
    byId("differences-title").focus();
    announce(byId("differences-title").textContent);
  } catch (problem) {
    byId("compare-file").textContent = again;
    showProblem(problem, compareFile);
  }
}

document.addEventListener("submit", (event) => {
  if (elementOf(event).id !== "file-form" || !client.keyed) return; // without a key the browser does it alone
  event.preventDefault();
  compareFile();
});

start(() => {});
