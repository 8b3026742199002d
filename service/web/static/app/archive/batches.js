// The page for submitting a batch.
import { client, showProblem, start } from "../shared/page_base.js";
import { messageOf } from "../shared/errors.js";
import { watchDrop } from "../shared/files.js";
import { byId, notice, page, word } from "../shared/page.js";

const input = byId("file");

function fault(text) {
  byId("fault").textContent = text;
  byId("fault").hidden = !text;
}

async function send(event) {
  event.preventDefault();
  const [file] = input.files;
  if (!file) {
    fault(word("batch_none"));
    input.focus();
    return;
  }
  fault("");
  notice(word("batch_sending", { name: file.name }));
  const [form, year] = byId("edition").value.split("/");
  const query = new URLSearchParams({ formats: byId("formats").value, ...(form ? { form, year } : {}) });
  const body = new FormData();
  body.append("file", file);
  try {
    const response = await client.request(`${page.api}/batches?${query}`, { method: "POST", body, timeout: 0 });
    const { id } = await response.json();
    location.assign(`${page.pages}batches/${id}${page.lang === "en" ? "?lang=en" : ""}`);
  } catch (problem) {
    if (problem.wantsKey) {
      showProblem(problem, () => byId("send").requestSubmit());
      return;
    }
    notice("");
    fault(word("name_text", { name: file.name, text: messageOf(problem) }));
  }
}

function chosen() {
  fault("");
  byId("chosen").textContent = input.files[0]?.name ?? word("batch_no_file");
}

// The browser's own button uses the browser's language.
input.classList.add("hidden");
byId("choose").hidden = false;
chosen();
byId("send").addEventListener("submit", send);
input.addEventListener("change", chosen);
watchDrop((_, files) => {
  input.files = files;
  chosen();
  input.focus();
});
start(() => {});
