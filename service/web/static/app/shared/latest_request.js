// Keeps only the latest of several requests, and swaps pictures.

export class Latest {
  #wanted = new AbortController();

  /** Aborts the previous request and returns the signal of a new one. */
  begin() {
    this.end();
    this.#wanted = new AbortController();
    return this.#wanted.signal;
  }

  /** Aborts the current request, if any. */
  end() {
    this.#wanted.abort();
  }
}

/** Replaces a picture once the new one is decoded. Throws if it cannot be decoded or the signal is aborted. */
export async function swap(image, blob, signal) {
  const url = URL.createObjectURL(blob);
  const next = new Image();
  next.src = url;
  try {
    await next.decode();
    signal.throwIfAborted();
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  }
  const before = image.src;
  image.src = url;
  image.hidden = false;
  try {
    await image.decode();
  } finally {
    if (before) URL.revokeObjectURL(before);
  }
}
