// The theme of the portal's page, as its custom properties give it, now and after each change.

const NAMES = ["accent", "accent-text", "text", "muted", "hint", "background", "surface", "border", "control", "focus", "hover", "error", "warning", "radius", "font", "scheme"];

/** Calls `send(theme)` now and when the theme of the element changes; returns what ends that. */
export function followTheme(element, send) {
  let sent = "";
  const look = () => {
    const theme = themeOf(element);
    if (JSON.stringify(theme) === sent) return;
    sent = JSON.stringify(theme);
    send(theme);
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const changes = new MutationObserver(look);
  dark.addEventListener("change", look);
  for (let each = element; each; each = each.parentElement) changes.observe(each, { attributes: true, attributeFilter: ["class", "style", "data-theme"] });
  look();
  return () => {
    dark.removeEventListener("change", look);
    changes.disconnect();
  };
}

function themeOf(element) {
  const style = getComputedStyle(element);
  const found = NAMES.map((name) => [name, style.getPropertyValue(`--kexie-${name}`).trim()]);
  return Object.fromEntries(found.filter(([, value]) => value));
}
