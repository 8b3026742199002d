// How a draft is called in lists and messages.
import { element, moment, page, word } from "../../shared/page.js";

/** The name of a draft: its own, or that of its submitter, or that it has none. */
export const nameOf = ({ name, submitter }) => name || submitter || word("draft_unnamed");

/** "“初稿”（云泽县科协，2021-03-09 08:00 存）" */
export function described({ name, submitter, saved }) {
  const whose = name && submitter ? [submitter] : [];
  const about = [...whose, word("draft_saved_at", { time: moment(saved) })].join(word("comma"));
  return word("draft_described", { name: nameOf({ name, submitter }), about });
}

/** The title of a form, `titles` by "form year". */
export const titleOf = ({ form, year }, titles = page.titles) => titles[`${form} ${year}`] ?? `${form} ${year}`;

/** What a list says below a draft's name. */
export function details({ name, submitter, saved }) {
  const parts = [name && submitter, word("draft_saved_at", { time: moment(saved) })].filter(Boolean);
  return element("span", { class: "provenance" }, parts.join(" · "));
}
