// The page of a batch: live progress, errors, completion.
import { client, fetched, replace, showProblem, start } from "../shared/page_base.js";
import { UserFacingError } from "../shared/errors.js";
import { announce, byId, notice, word } from "../shared/page.js";
import { events } from "./event_stream.js";

const WINDOW = 30_000; // ms over which the rate is measured
const RENEW = 2_000; // ms between two updates of the errors
const samples = [];
let batch;
let failed = 0;
let quarter = 0;
let renewed = 0;

const STATES = { queued: "queued", running: "running", finished: "finished", cancelled: "cancelled" };
const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function show({ total, counts, state }) {
  const ended = counts.done + counts.failed + counts.cancelled;
  byId("progress").value = ended;
  byId("ended").textContent = word("progress_of", { ended, total });
  for (const [name, count] of Object.entries(counts)) {
    document.querySelector(`[data-count="${name}"]`).textContent = count;
  }
  document.querySelector('[data-of="failed"]').classList.toggle("bad", counts.failed > 0);
  const shownState = state === "finished" && counts.failed ? "finished_failed" : STATES[state];
  byId("state").textContent = word(shownState, counts);
  byId("state").dataset.state = shownState;
  byId("rate").textContent = rate(ended, total);
  const reached = Math.floor((4 * ended) / Math.max(total, 1));
  if (reached > quarter && ended < total) announce(word("batch_progress", { ended, total }));
  quarter = Math.max(quarter, reached);
  if (counts.failed > failed && Date.now() > renewed + RENEW) {
    failed = counts.failed;
    renew().catch(ignoreServiceError); // retried by the next update
  }
}

function rate(ended, total) {
  const now = Date.now();
  samples.push([now, ended]);
  while (samples.length > 2 && samples[0][0] < now - WINDOW) samples.shift();
  const [[since, before]] = samples;
  if (now - since < 1_000 || ended === before) return byId("rate").textContent;
  const perMinute = ((ended - before) * 60_000) / (now - since);
  const left = Math.round((60 * (total - ended)) / perMinute);
  if (!left) return "";
  const time = left < 120 ? word("seconds", { count: left }) : word("minutes", { count: Math.round(left / 60) });
  return word("rate_left", { rate: Math.round(perMinute), left: time });
}

/** Reloads the area from the server, with buttons and errors. */
async function renew() {
  renewed = Date.now();
  replace("area", await fetched());
}

async function batchEnded(status) {
  await renew();
  const { done, failed: wrong } = status.counts;
  announce(status.state === "cancelled" ? word("batch_stopped", { done }) : word("batch_over", { done, failed: wrong }));
}

/** Follows the events of the batch until its end; polls when the stream breaks. */
async function watch() {
  let last = "";
  let rest = 1_000;
  for (;;) {
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) };
      const response = await client.request(batch.events, { headers, streamed: true });
      if (!response.body) return batchEnded(await state()); // 204: no further events
      for await (const event of events(response)) {
        rest = Number(event.retry) || rest;
        last = event.id ?? last;
        if (!event.data) continue;
        const status = JSON.parse(event.data);
        show(status);
        if (event.event === "finished") return batchEnded(status);
      }
    } catch (problem) {
      if (problem.status < 500 && problem.status !== 429) throw problem;
      ignoreServiceError(problem);
      const status = await polled();
      if (status?.finished) return batchEnded(status);
    }
    await pause(rest);
  }
}

/** Ignores refusals and connection failures, which are retried; rethrows the page's own faults. */
function ignoreServiceError(problem) {
  if (!(problem instanceof UserFacingError)) throw problem;
}

const state = async () => (await client.request(`${batch.self}?limit=1`)).json();

async function polled() {
  try {
    const status = await state();
    show(status);
    return status;
  } catch (problem) {
    ignoreServiceError(problem);
    return null;
  }
}

async function cancel() {
  notice("");
  try {
    await client.request(batch.self, { method: "DELETE" });
    await renew();
  } catch (problem) {
    showProblem(problem, cancel);
  }
}

document.addEventListener("submit", (event) => {
  if (event.submitter?.id !== "cancel") return;
  event.preventDefault();
  notice(word("batch_cancel_sure"), [word("batch_cancel"), cancel]);
  byId("notice").querySelector("button").focus();
});

start(() => {
  batch = JSON.parse(byId("batch-data").textContent);
  failed = batch.failed;
  quarter = Math.floor((4 * batch.ended) / Math.max(batch.total, 1));
  const follow = () => watch().catch((problem) => showProblem(problem, follow));
  if (!batch.over) follow();
});
