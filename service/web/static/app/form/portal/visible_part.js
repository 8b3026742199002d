// The part of the form that is in view: its frame is as high as the form, and only the portal's page scrolls.

let part = { top: 0, height: 0 };
let shift = 0; // of the bars, in pixels

const bars = () => /** @type {HTMLElement} */ (document.querySelector(".bars"));

/** Keeps the bars at the top of the part from `top` on, and dialogs in its middle. */
export function showPart({ top, height }) {
  if (!Number.isFinite(top) || !Number.isFinite(height)) return;
  part = { top, height };
  document.documentElement.classList.add("grown");
  document.documentElement.style.setProperty("--part-top", `${top}px`);
  document.documentElement.style.setProperty("--part-height", `${height}px`);
  place();
}

/** Follows the height of the bars, so that what is scrolled to is not below them. */
export function watchBars() {
  const measured = new ResizeObserver(() => {
    document.documentElement.style.setProperty("--bar", `${bars().offsetHeight}px`);
    place();
  });
  measured.observe(bars());
  measured.observe(document.body);
}

function place() {
  if (!document.documentElement.classList.contains("grown")) return;
  const form = bars().parentElement.getBoundingClientRect();
  const natural = bars().getBoundingClientRect().top - shift;
  const before = shift;
  shift = Math.max(0, Math.min(part.top - natural, form.bottom - natural - bars().offsetHeight));
  if (shift === before) return;
  bars().classList.toggle("stuck", shift > 0);
  bars().style.transform = shift ? `translateY(${shift}px)` : "";
}
