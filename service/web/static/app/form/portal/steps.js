// One section at a time, with buttons to the one before and after; the overview names the steps.
import { byId, disable, notice, word } from "../../shared/page.js";
import { control, elementAt } from "../fields.js";
import { mark } from "../feedback/overview.js";

let shown = -1; // the number of the section in view; -1 without steps
let leave = () => {}; // called when a section is left

const root = document.documentElement;
const sections = () => [...document.querySelectorAll("#sections > [data-section]:not([hidden])")];

/** The pointer of the section in view, "" without steps. */
export const step = () => sections()[shown]?.dataset.section ?? "";

/** Shows one section at a time.
 *
 * `check(section)` checks the form, shows what the section requires, and resolves to {errors}; `left()` and `moved()`
 * are called when another section is shown, `focus(element)` goes to a field.
 */
export function watchSteps({ check, left, moved, focus }) {
  root.classList.add("stepping");
  byId("step-before").addEventListener("click", () => go(shown - 1));
  byId("step-after").addEventListener("click", async () => {
    const section = sections()[shown];
    const { errors } = await check(section).catch(() => ({ errors: [] })); // out of reach: what is wrong shows at the end
    const faults = errors.filter(({ pointer }) => section.contains(elementAt(pointer)));
    if (faults.length && sections()[shown] === section) {
      focus(control(faults[0].pointer) ?? section.querySelector("input, textarea"));
      notice(word("step_faults", { count: faults.length }), [word("step_anyway"), () => go(shown + 1)]);
    } else {
      go(shown + 1);
    }
  });
  document.addEventListener("kexie-reveal", (event) => reveal(/** @type {CustomEvent} */ (event).detail));
  show(0);
  leave = () => {
    left();
    moved();
  };
}

/** Brings the section of an element, or that of a pointer, into view. */
export function reveal(found) {
  if (shown < 0) return;
  const number = sections().findIndex((each) => (typeof found === "string" ? each.dataset.section === found : each.contains(found)));
  if (number < 0 || number === shown) return;
  leave();
  show(number);
}

function go(number) {
  if (number < 0 || number >= sections().length) return;
  notice("");
  leave();
  show(number);
  const section = sections()[number];
  const heading = section.querySelector("h2") ?? section;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  section.scrollIntoView({ block: "start" });
}

function show(number) {
  shown = number;
  const all = sections();
  for (const [at, section] of all.entries()) section.classList.toggle("off", at !== number);
  for (const link of document.querySelectorAll(".overview a")) {
    if (link.getAttribute("href") === `#s${step()}`) mark(link, "step");
    else link.removeAttribute("aria-current");
  }
  disable(byId("step-before"), number === 0);
  byId("step-after").hidden = number === all.length - 1;
  byId("step-of").textContent = word("step_of", { number: number + 1, count: all.length });
  root.classList.toggle("last-step", number === all.length - 1);
}
