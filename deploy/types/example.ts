// What a portal writes with the types, compiled by tsc: every type below comes from the OpenAPI file.
import type { components, operations, paths } from "./kexie-forms";

type Case = components["schemas"]["annex3_2021"];
type Problem = components["schemas"]["Problem"];
type Report = operations["validatePayload"]["responses"][200]["content"]["application/json"];
type Query = NonNullable<paths["/api/v1/forms/{form}/{year}/documents"]["post"]["parameters"]["query"]>;

export const data: Case = { case_name: "案例", background: "背景" };
// @ts-expect-error: the form has no such field
export const misspelt: Case = { case_nam: "案例" };
// @ts-expect-error: a name is text
export const wrong: Case = { case_name: 1 };

export async function validate(root: string, payload: Case): Promise<Report | string[]> {
  const address: keyof paths = "/api/v1/forms/{form}/{year}/validate";
  const url = root + address.replace("{form}", "annex3").replace("{year}", "2021");
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(payload) });
  if (answer.ok) return (await answer.json()) as Report;
  const problem = (await answer.json()) as Problem;
  return (problem.errors ?? []).map((each) => `${each.label} ${each.pointer}: ${each.message}`);
}

export const query: Query = { format: "pdf", archive: "true", id: "3201-0001" };
