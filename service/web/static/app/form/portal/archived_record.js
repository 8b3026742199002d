// The record of an embedded form, as reported to its portal.
import { page } from "../../shared/page.js";

/** Archives a payload; returns its record for the portal. Throws Problem. */
export async function archived(client, payload) {
  const response = await client.post(`/forms/${page.form}/${page.year}/records`, payload);
  return recordOf(await response.json());
}

/** @type {(record: {id: string, version: number, key: string}) => object} */
export const recordOf = ({ id, version, key }) => ({ id, version, key, url: new URL(`${page.api}/records/${key}`, location.href).href });
