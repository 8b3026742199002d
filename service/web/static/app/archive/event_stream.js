// Server-sent events read with fetch, which EventSource could not send a key with.
import { Unreachable } from "../shared/errors.js";

const SILENCE = 15_000; // ms; the service gives a sign of life every 5 s

/** The events {id, event, data, retry} of a response, as they come. Throws Unreachable where it breaks off or says nothing. */
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
    reader.cancel().catch(() => {}); // it may have broken off
  }
}

function next(reader) {
  return new Promise((resolve, reject) => {
    const broken = (cause) => reject(new Unreachable(cause));
    const timer = setTimeout(broken, SILENCE);
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
