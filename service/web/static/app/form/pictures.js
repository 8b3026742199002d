// The picture fields, on pages that have some: a chosen file is cropped to the proportions of its place, and kept as
// base64 text.
import { showWarning } from "./feedback/error_display.js";
import { byId, elementOf, word } from "../shared/page.js";

const DOTS = 300 / 25.4; // pixels of a printed millimetre
const ZOOM = 4; // at most, from where the picture fills its place
const STEP = 0.02; // of the picture, for each press of an arrow key
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const shown = new WeakMap(); // by field: the picture, its type, its zoom, and the point in the middle of its place

const fieldOf = (inside) => inside.closest("fieldset[data-kind='picture']");
const textOf = (field) => field.querySelector("input[type='hidden']");
const canvasOf = (field) => field.querySelector("canvas");

/** Activates the picture fields, and shows the pictures in them. */
function watchPictures(form) {
  form.addEventListener("kexie-picture", (event) => setPicture(elementOf(event), textOf(elementOf(event)).value));
  form.addEventListener("change", (event) => {
    if (elementOf(event).matches("[data-kind='picture'] input[type='file']")) choose(elementOf(event));
  });
  form.addEventListener("input", (event) => {
    if (elementOf(event).matches("[data-kind='picture'] input[type='range']")) zoom(elementOf(event));
  });
  form.addEventListener("click", (event) => {
    const button = elementOf(event).closest("[data-kind='picture'] button");
    if (button) clear(fieldOf(button));
  });
  form.addEventListener("keydown", (event) => {
    const arrow = ARROWS[event.key];
    if (!arrow || !elementOf(event).matches("[data-kind='picture'] canvas")) return;
    event.preventDefault();
    move(fieldOf(elementOf(event)), arrow[0] * STEP, arrow[1] * STEP);
  });
  form.addEventListener("pointerdown", drag);
  for (const field of form.querySelectorAll("[data-kind='picture']")) show(field, textOf(field).value);
}

/** Sets a field to the base64 text of a picture, or to none, and shows it. */
function setPicture(field, text) {
  textOf(field).value = text;
  field.querySelector("input[type='file']").value = "";
  show(field, text);
}

function show(field, text) {
  if (!text) return put(field, null);
  const image = new Image();
  const type = text.startsWith("iVBOR") ? "image/png" : "image/jpeg";
  image.onload = () => put(field, { image, type, width: image.naturalWidth, height: image.naturalHeight, whole: true });
  image.onerror = () => put(field, null);
  image.src = `data:${type};base64,${text}`;
  return undefined;
}

async function choose(input) {
  const [file] = input.files;
  const field = fieldOf(input);
  if (!file) return;
  try {
    const image = await createImageBitmap(file); // upright, as its EXIF says
    put(field, { image, type: file.type === "image/png" ? "image/png" : "image/jpeg", width: image.width, height: image.height });
    keep(field);
  } catch {
    clear(field);
    showWarning(textOf(field).name, word("picture_unreadable"));
  }
}

function clear(field) {
  setPicture(field, "");
  field.querySelector("input[type='file']").focus();
  edited(field);
}

function zoom(range) {
  const field = fieldOf(range);
  shown.get(field).zoom = Number(range.value);
  draw(field);
  keep(field);
}

function drag(event) {
  const canvas = elementOf(event);
  if (!canvas.matches("[data-kind='picture'] canvas")) return;
  const field = fieldOf(canvas);
  canvas.setPointerCapture(event.pointerId);
  const { scale, width, height } = shown.get(field);
  const share = canvas.width / canvas.clientWidth / scale;
  canvas.onpointermove = ({ movementX, movementY }) => move(field, (-movementX * share) / width, (-movementY * share) / height);
  canvas.onpointerup = () => { canvas.onpointermove = null; };
}

function move(field, x, y) {
  if (field.closest("[data-readonly]")) return;
  const found = shown.get(field);
  found.x += x;
  found.y += y;
  draw(field);
  keep(field);
}

/** Shows a picture: filling its place, or as a `whole`; null for none. */
function put(field, picture) {
  for (const part of field.querySelectorAll("[data-chosen]")) part.hidden = !picture;
  if (!picture) return;
  const [width, height] = field.querySelector("[data-place]").dataset.place.split(" ").map((side) => Number(side) * DOTS);
  const sides = [width / picture.width, height / picture.height];
  const cover = Math.max(...sides);
  const least = Math.min(...sides) / cover;
  const canvas = canvasOf(field);
  canvas.width = Math.max(Math.round(width / Math.max(cover, 1)), 1); // a small picture is not blown up
  canvas.height = Math.max(Math.round(height / Math.max(cover, 1)), 1);
  shown.set(field, { ...picture, cover: cover / Math.max(cover, 1), zoom: picture.whole ? least : 1, x: 0.5, y: 0.5 });
  const range = field.querySelector("input[type='range']");
  Object.assign(range, { min: least, max: ZOOM, value: shown.get(field).zoom });
  draw(field);
}

function draw(field) {
  const found = shown.get(field);
  const canvas = canvasOf(field);
  found.scale = found.cover * found.zoom;
  const wide = found.width * found.scale;
  const high = found.height * found.scale;
  found.x = within(found.x, canvas.width / wide);
  found.y = within(found.y, canvas.height / high);
  const context = canvas.getContext("2d");
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(found.image, canvas.width / 2 - found.x * wide, canvas.height / 2 - found.y * high, wide, high);
}

/** The middle nearest to `at` from which the picture still reaches both edges of its place, a `share` of it. */
const within = (at, share) => (share >= 1 ? 0.5 : Math.min(Math.max(at, share / 2), 1 - share / 2));

function keep(field) {
  textOf(field).value = canvasOf(field).toDataURL(shown.get(field).type, 0.92).split(",")[1];
  edited(field);
}

const edited = (field) => textOf(field).dispatchEvent(new Event("input", { bubbles: true }));

watchPictures(byId("form"));
