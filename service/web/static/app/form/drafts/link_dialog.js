// The dialog with the secret link of a draft on the server, and its QR code.
import { byId, moment, word } from "../../shared/page.js";
import { linkOf, listed } from "./server_drafts.js";

/** Shows the link of a draft. */
export function showLink(link) {
  const { qr } = listed().find(({ id }) => id === link.id) ?? {};
  byId("link").value = linkOf(link);
  byId("link-until").textContent = word("link_until", { day: moment(new Date(link.expires)).slice(0, 10) });
  byId("link-qr").hidden = !qr;
  if (qr) byId("link-qr").src = `data:image/svg+xml,${encodeURIComponent(qr)}`;
  byId("link-copied").textContent = "";
  byId("copy-link").onclick = copy;
  byId("link-dialog").showModal();
}

async function copy() {
  const entry = byId("link");
  try {
    await navigator.clipboard.writeText(entry.value);
  } catch { // pages without TLS have no clipboard
    entry.select();
    document.execCommand("copy");
  }
  byId("link-copied").textContent = word("link_copied");
}
