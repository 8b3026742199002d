// Dates of which a part is missing: the browser gives no value for them.
import { form } from "../fields.js";
import { labelOf } from "./field_names.js";
import { word } from "../../shared/page.js";

/** Their errors. */
export function incompleteDates() {
  const found = [...form.elements].filter(({ validity }) => validity?.badInput);
  return found.map(({ name }) => ({ pointer: name, label: labelOf(name), code: "incomplete_date", message: word("incomplete_date") }));
}
