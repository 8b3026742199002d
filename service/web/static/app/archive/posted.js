// A page whose forms are posted: the answer is the page again, or a file that is saved.
import { fileName, save } from "../shared/client.js";
import { announce, disable, elementOf, notice, prepare, word } from "../shared/page.js";
import { client, replace, showProblem, start } from "../shared/page_base.js";

const ACCEPTED = { Accept: "text/html, application/problem+json, */*" };

let busy = false;

async function send(form, button) {
  if (busy) return;
  busy = true;
  disable(button, true);
  const body = new FormData(form);
  body.append(button.name, button.value);
  notice(word("working"));
  try {
    const response = await client.request(form.action, { method: "POST", body, headers: ACCEPTED, streamed: true, timeout: 0 });
    if (response.headers.get("Content-Type").startsWith("text/html")) await show(response);
    else await keep(response);
  } catch (problem) {
    showProblem(problem, () => send(form, button));
  } finally {
    busy = false;
    disable(button, false);
  }
}

async function show(response) {
  const made = new DOMParser().parseFromString(await response.text(), "text/html");
  prepare(made);
  replace("area", made);
  notice("");
  announce(word("done_so"));
}

async function keep(response) {
  const name = fileName(response, "file");
  save(await response.blob(), name);
  notice(word("saved_file", { name }));
}

document.addEventListener("click", (event) => {
  if (elementOf(event).id === "print") globalThis.print();
});

document.addEventListener("submit", (event) => {
  const form = elementOf(event);
  if (form.method !== "post" || !(event.submitter instanceof HTMLButtonElement)) return;
  event.preventDefault();
  send(form, event.submitter);
});

start(() => {});
