// The toolbar of the form page: its menu, and its height when sticky.
import { elementOf } from "../shared/page.js";

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

/** Publishes the sticky bar's height, so that scroll targets are not covered. */
export function watchBar() {
  const bars = document.querySelectorAll(".actions, .tabs");
  const measured = new ResizeObserver(() => {
    const sticking = [...bars].find((bar) => getComputedStyle(bar).position === "sticky" && bar.offsetHeight);
    document.documentElement.style.setProperty("--bar", `${sticking?.offsetHeight ?? 0}px`);
  });
  for (const bar of bars) measured.observe(bar);
}
