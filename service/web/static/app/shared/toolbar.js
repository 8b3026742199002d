// The bars of pages with a form: menu, tabs of a narrow page, and their height when sticky.
import { byId, elementOf } from "./page.js";

/** Closes the menu on a choice, on Escape, and on a click elsewhere. */
export function watchMenu(menu) {
  if (!menu) return;
  document.addEventListener("click", (event) => {
    const chosen = elementOf(event).closest("button, label") && menu.contains(event.target);
    if (chosen || !menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** Activates the tabs of a narrow page; `previewed()` is called when the preview is shown. */
export function watchTabs(previewed) {
  const scrolled = {}; // scroll position by tab
  const tabs = document.querySelectorAll("button[data-tab]");
  const show = (name) => {
    const work = byId("work");
    scrolled[work.dataset.tab] = window.scrollY;
    work.dataset.tab = name;
    window.scrollTo(0, scrolled[name] ?? Math.min(window.scrollY, work.offsetTop - work.previousElementSibling.offsetHeight));
    for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.tab === name));
    if (name === "preview") previewed();
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab.dataset.tab));
}

/** Keeps the sticky bars from covering scroll targets and focused fields. */
export function watchBar() {
  const bars = document.querySelectorAll(".actions, .tabs, .steps");
  const measured = new ResizeObserver(() => {
    const sticking = [...bars].find((bar) => getComputedStyle(bar).position === "sticky" && bar.offsetHeight);
    document.documentElement.style.setProperty("--bar", `${sticking?.offsetHeight ?? 0}px`);
    document.documentElement.style.setProperty("--overview", `${document.querySelector(".overview")?.offsetHeight ?? 0}px`);
  });
  for (const bar of bars) measured.observe(bar);
  let tabbing = false; // a field that is clicked must not move
  document.addEventListener("keydown", ({ key }) => { tabbing = key === "Tab"; });
  document.addEventListener("pointerdown", () => { tabbing = false; });
  document.addEventListener("focusin", ({ target }) => { if (tabbing) uncover(target); });
}

/** Scrolls a focused field from under the bars and the notice: for the browser it is in view there. */
function uncover(field) {
  const { top, bottom } = field.getBoundingClientRect();
  const notice = document.querySelector("#form > #notice")?.getBoundingClientRect();
  const below = notice?.height && bottom > notice.top && top < window.innerHeight;
  if (below || (bottom > 0 && top < parseFloat(getComputedStyle(field).scrollMarginTop))) field.scrollIntoView({ block: "nearest" });
}
