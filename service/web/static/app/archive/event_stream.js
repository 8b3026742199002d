// Reads server-sent events with fetch, since EventSource cannot send an access key.
import { Unreachable } from "../shared/errors.js";

const IDLE_TIMEOUT = 15_000; // ms; the service sends a heartbeat every 5 s

/** Yields the events {id, event, data, retry} of a response. Throws Unreachable if it breaks or stays silent. */
export async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await next(reader);
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) yield parsed(block);
    }
  } finally {
    reader.cancel().catch(() => {}); // it may already be broken
  }
}

function next(reader) {
  return new Promise((resolve, reject) => {
    const broken = (cause) => reject(new Unreachable(cause));
    const timer = setTimeout(broken, IDLE_TIMEOUT);
    reader.read().then(resolve, broken).finally(() => clearTimeout(timer));
  });
}

function parsed(block) {
  const found = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at > 0) found[line.slice(0, at)] = line.slice(at + 1).trimStart();
  }
  return found;
}
