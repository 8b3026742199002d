// The page of a batch: its progress as it moves, its errors, its end.
import { client, fetched, replace, say, start } from "./page_base.js";
import { Told } from "../shared/errors.js";
import { announce, byId, notice, word } from "../shared/page.js";
import { events } from "./event_stream.js";

const WINDOW = 30_000; // ms over which the rate is taken
const RENEW = 2_000; // ms between two looks at the errors
const samples = [];
let batch;
let failed = 0;
let quarter = 0;
let renewed = 0;

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

function show({ total, counts, state }) {
  const ended = counts.done + counts.failed + counts.cancelled;
  byId("progress").value = ended;
  byId("ended").textContent = word("progress_of", { ended, total });
  for (const [name, count] of Object.entries(counts)) {
    document.querySelector(`[data-count="${name}"]`).textContent = count;
  }
  document.querySelector('[data-of="failed"]').classList.toggle("bad", counts.failed > 0);
  const told = state === "finished" && counts.failed ? "finished_failed" : state;
  byId("state").textContent = word(told, counts);
  byId("state").dataset.state = told;
  byId("rate").textContent = rate(ended, total);
  const reached = Math.floor((4 * ended) / Math.max(total, 1));
  if (reached > quarter && ended < total) announce(word("batch_progress", { ended, total }));
  quarter = Math.max(quarter, reached);
  if (counts.failed > failed && Date.now() > renewed + RENEW) {
    failed = counts.failed;
    renew().catch(ignored); // the next look tells of it
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

/** What the server makes of the page now: buttons and errors too. */
async function renew() {
  renewed = Date.now();
  replace("area", await fetched());
}

async function over(told) {
  await renew();
  const { done, failed: wrong } = told.counts;
  announce(told.state === "cancelled" ? word("batch_stopped", { done }) : word("batch_over", { done, failed: wrong }));
}

/** Follows the events of the batch until its end, and asks now and then where they break off. */
async function watch() {
  let last = "";
  let rest = 1_000;
  for (;;) {
    try {
      const headers = { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) };
      const response = await client.request(batch.events, { headers, streamed: true });
      if (!response.body) return over(await state()); // 204: nothing comes after what was told last
      for await (const event of events(response)) {
        rest = Number(event.retry) || rest;
        last = event.id ?? last;
        if (!event.data) continue;
        const told = JSON.parse(event.data);
        show(told);
        if (event.event === "finished") return over(told);
      }
    } catch (problem) {
      if (problem.status < 500 && problem.status !== 429) throw problem;
      ignored(problem);
      const told = await polled();
      if (told?.finished) return over(told);
    }
    await pause(rest);
  }
}

/** What the service refuses now, or a connection that fails, is asked again soon; another fault is the page's own. */
function ignored(problem) {
  if (!(problem instanceof Told)) throw problem;
}

const state = async () => (await client.request(`${batch.self}?limit=1`)).json();

async function polled() {
  try {
    const told = await state();
    show(told);
    return told;
  } catch (problem) {
    ignored(problem);
    return null;
  }
}

async function cancel() {
  notice("");
  try {
    await client.request(batch.self, { method: "DELETE" });
    await renew();
  } catch (problem) {
    say(problem, cancel);
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
  const follow = () => watch().catch((problem) => say(problem, follow));
  if (!batch.over) follow();
});
