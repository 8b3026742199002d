// Of several requests for the same place the latest counts; and a picture takes another's place.

export class Latest {
  #wanted = new AbortController();

  /** The signal of a new request, by which an older one ends. */
  begin() {
    this.end();
    this.#wanted = new AbortController();
    return this.#wanted.signal;
  }

  /** Ends the request that is under way, if any. */
  end() {
    this.#wanted.abort();
  }
}

/** Shows a picture in place of the one before once it can be drawn. Throws where it cannot, or the signal has ended it. */
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
