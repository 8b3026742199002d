// The portal's colours, font and corners. A colour that does not stand out enough is made darker or lighter.

const COLOURS = ["accent", "accent-text", "text", "muted", "hint", "background", "surface", "border", "control", "focus", "hover", "error", "warning"];
const OTHERS = ["radius", "font"];
const SAFE = /^[\w#%.,() '"+\/-]{1,200}$/; // no URLs and no further CSS rules
const OWN_NAME = { control: "field-border" };
// What must stand out, from what, and by how much: WCAG 2.2, 1.4.3 and 1.4.11, and a little more for what also
// lies on a surface that is tinted with it.
/** @type {[string, string[], number][]} */
const CONTRASTS = [
  ["text", ["surface", "background", "hover"], 4.5],
  ["muted", ["surface", "background"], 4.5],
  ["hint", ["surface", "background"], 4.5],
  ["accent", ["surface", "background"], 5],
  ["error", ["surface", "background"], 5],
  ["warning", ["surface"], 5],
  ["control", ["surface"], 3],
  ["focus", ["surface", "background"], 3],
  ["accent-text", ["accent"], 4.5],
];
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const STEP = 4; // of lightness, in per cent

const sheet = new CSSStyleSheet();
const pixel = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });

/** Applies the portal's theme; returns its colours that were changed: name, given, used. */
export function paint(theme) {
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  const dark = { light: "not all", dark: "screen" }[theme.scheme] ?? "screen and (prefers-color-scheme: dark)";
  document.querySelector("link[data-dark]").setAttribute("media", dark);
  document.documentElement.style.colorScheme = theme.scheme === "light" || theme.scheme === "dark" ? theme.scheme : "";
  const given = {};
  for (const name of [...COLOURS, ...OTHERS]) {
    const value = String(theme[name] ?? "").trim();
    if (value && SAFE.test(value) && !/url\(|expression/i.test(value)) given[name] = value;
  }
  apply(given);
  return adjust(given);
}

/** Only on the screen: on paper the form is black on white. */
function apply(values) {
  const rules = Object.entries(values).map(([name, value]) => `--${OWN_NAME[name] ?? name}: ${value};`);
  sheet.replaceSync(`@media screen { :root { ${rules.join(" ")} } }`);
}

function adjust(given) {
  const used = { ...given };
  for (const [name, behind, least] of CONTRASTS) {
    const better = standingOut(colourOf(name), behind.map(colourOf), least);
    if (!better) continue;
    used[name] = better;
    apply(used);
  }
  return Object.keys(given).filter((name) => used[name] !== given[name]).map((name) => ({ name, given: given[name], used: used[name] }));
}

/** A colour of the same hue, as near as possible, that stands out from those behind it; "" if the given one does. */
function standingOut(colour, behind, least) {
  const enough = (each) => Math.min(...behind.map((other) => contrast(each, other))) >= least;
  if (enough(colour)) return "";
  const [hue, saturation, lightness] = hsl(colour);
  const step = contrast(WHITE, behind[0]) > contrast(BLACK, behind[0]) ? STEP : -STEP;
  for (let found = lightness + step; found > 0 && found < 100; found += step) {
    const text = `hsl(${hue} ${saturation}% ${found}%)`;
    if (enough(drawn(text))) return text;
  }
  return step > 0 ? "#ffffff" : "#000000";
}

/** The red, green and blue of a colour of the page, 0 to 255. */
const colourOf = (name) => drawn(getComputedStyle(document.documentElement).getPropertyValue(`--${OWN_NAME[name] ?? name}`));

function drawn(colour) {
  pixel.fillStyle = "white";
  pixel.fillRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

/** Hue in degrees, saturation and lightness in per cent. */
function hsl(colour) {
  const [red, green, blue] = colour.map((part) => part / 255);
  const [least, most] = [Math.min(red, green, blue), Math.max(red, green, blue)];
  const [span, middle] = [most - least, (most + least) / 2];
  if (!span) return [0, 0, Math.round(middle * 100)];
  const hue = { [blue]: (red - green) / span + 4, [green]: (blue - red) / span + 2, [red]: (green - blue) / span }[most];
  return [hue * 60 + 360, (100 * span) / (1 - Math.abs(2 * middle - 1)), middle * 100].map(Math.round);
}

function contrast(one, other) {
  const [dark, light] = [one, other].map(luminance).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** The relative luminance of sRGB (WCAG 2.2). */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
