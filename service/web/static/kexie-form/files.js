// The documents of a submission as files of the portal's page.

const KEPT = 60_000; // ms that a saved file stays, for the browser to read it

/** Documents {name, blob} by format, each with a `url`. */
export function linked(documents) {
  const found = Object.entries(documents).map(([format, { name, blob }]) => [format, { name, blob, url: URL.createObjectURL(blob) }]);
  return Object.fromEntries(found);
}

/** Ends the addresses of `linked` documents. */
export function release(documents) {
  for (const { url } of Object.values(documents)) URL.revokeObjectURL(url);
}

export function save({ name, blob }) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}
