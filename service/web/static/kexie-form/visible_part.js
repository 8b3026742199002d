// Which part of a frame is in view, for the bars of the form in it.

const SCROLLING = /auto|scroll|hidden|clip/;

/** Calls `send({top, height})`, in pixels of the frame, now and after each change; returns what ends that. */
export function followPart(frame, send) {
  let asked = 0;
  let sent = "";
  const look = () => {
    asked = 0;
    const part = partOf(frame);
    if (JSON.stringify(part) === sent) return;
    sent = JSON.stringify(part);
    send(part);
  };
  const ask = () => { asked ||= requestAnimationFrame(look); };
  const sizes = new ResizeObserver(ask);
  sizes.observe(frame);
  sizes.observe(document.documentElement);
  document.addEventListener("scroll", ask, { capture: true, passive: true });
  window.addEventListener("resize", ask);
  ask();
  return () => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    document.removeEventListener("scroll", ask, { capture: true });
    window.removeEventListener("resize", ask);
  };
}

/** Between the edges of the window and of what scrolls around the frame; a header that sticks is `scroll-padding-top`. */
function partOf(frame) {
  const { top, height } = frame.getBoundingClientRect();
  const covered = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  let [first, last] = [covered, window.innerHeight];
  for (let above = frame.parentElement; above && above !== document.body; above = above.parentElement) {
    if (!SCROLLING.test(getComputedStyle(above).overflowY)) continue;
    const edges = above.getBoundingClientRect();
    first = Math.max(first, edges.top);
    last = Math.min(last, edges.bottom);
  }
  const from = Math.min(Math.max(first - top, 0), height);
  return { top: Math.round(from), height: Math.round(Math.max(Math.min(last - top, height) - from, 0)) };
}
