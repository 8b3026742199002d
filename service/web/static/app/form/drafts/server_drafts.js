// The drafts on the server: the requests, and the list of those that this browser has saved there.
import { page } from "../../shared/page.js";

const LIST = `kexie:shared:${page.pages}`;

const address = ({ form, year, id }) => `/forms/${form}/${year}/drafts/${id}`;
const headersOf = ({ secret }, more = {}) => ({ "X-Draft-Secret": secret, ...more });
const times = ({ version, saved, expires }) => ({ version, saved, expires });

/** The secret link of a draft, for people. */
export const linkOf = ({ form, year, id, secret }) => `${location.origin}${page.pages}forms/${form}/${year}#draft=${id}.${secret}`;

/** Saves a new draft {name, values, readings}; returns its link {form, year, id, secret, version, saved, expires, qr}. */
export async function create(client, body) {
  const made = await (await client.post(`/forms/${page.form}/${page.year}/drafts`, body)).json();
  const link = { form: page.form, year: page.year, id: made.id, secret: made.secret, ...times(made) };
  put([...listed(), { ...link, name: body.name, submitter: body.values[page.submitter] ?? "", qr: made.qr }]);
  return link;
}

/** The draft of a link, {name, values, readings, version, saved, expires}. Throws Problem. */
export async function fetchDraft(client, link) {
  return (await client.request(address(link), { headers: headersOf(link) })).json();
}

/** Saves a draft again; returns its link. Throws Problem: `draft_changed` if it is no longer of the link's version. */
export async function replace(client, link, body) {
  const headers = headersOf(link, { "Content-Type": "application/json", "If-Match": `"${link.version}"` });
  const response = await client.request(address(link), { method: "PUT", body: JSON.stringify(body), headers });
  const saved = times(await response.json());
  put(listed().map((each) => (each.id === link.id ? { ...each, ...saved, name: body.name } : each)));
  return { ...link, ...saved };
}

/** Puts the record {key, name} that was made of a draft in the place of what was filled in. Throws Problem. */
export async function settle(client, link, { key, name }) {
  await replace(client, link, { name: "", values: { after: key, after_name: name }, readings: [] });
  put(listed().filter(({ id }) => id !== link.id));
}

/** The record {key, name} that was made of a saved draft, or null. */
export function recordOf({ values: { after, after_name: name, ...others } }) {
  return after && !Object.keys(others).length ? { key: after, name } : null;
}

/** Deletes a draft, also from the list; one that is no longer there too. Throws Problem. */
export async function remove(client, link) {
  try {
    await client.request(address(link), { method: "DELETE", headers: headersOf(link) });
  } catch (problem) {
    if (problem.code !== "unknown_draft") throw problem;
  }
  put(listed().filter(({ id }) => id !== link.id));
}

/** The drafts that this browser has saved on the server, the last saved first. */
export function listed() {
  try {
    return JSON.parse(localStorage.getItem(LIST)) ?? [];
  } catch {
    return [];
  }
}

function put(list) {
  try {
    if (list.length) localStorage.setItem(LIST, JSON.stringify(list.sort((one, other) => other.saved.localeCompare(one.saved))));
    else localStorage.removeItem(LIST);
  } catch {
    // the link is shown all the same
  }
}
