// The bar of the form page: its menu, and its height where it sticks.
import { elementOf } from "../shared/page.js";

/** The menu goes when something of it was chosen, on Escape, and when another place is clicked. */
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

/** What is scrolled to must not come to lie under the bar that sticks, however many lines it has. */
export function watchBar() {
  const bars = document.querySelectorAll(".actions, .tabs");
  const measured = new ResizeObserver(() => {
    const sticking = [...bars].find((bar) => getComputedStyle(bar).position === "sticky" && bar.offsetHeight);
    document.documentElement.style.setProperty("--bar", `${sticking?.offsetHeight ?? 0}px`);
  });
  for (const bar of bars) measured.observe(bar);
}
