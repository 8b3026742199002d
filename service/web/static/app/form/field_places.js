// Where the fields are on the pages of the preview.
import { elementAt, form } from "./fields.js";
import { focusField } from "./feedback/error_display.js";
import { byId, element, page, word } from "../shared/page.js";

const PAUSE = 600; // ms after a new page until the field in use is looked for on it

export class FieldPlaces {
  #client;
  #preview;
  #shown = ""; // the JSON of the payload of the document shown
  #pages; // a promise of its pages with their places
  #used = ""; // the pointer of the field that had the focus last
  #found = ""; // the pointer of the field that was looked for last
  #begun = 0; // the page on which that field begins
  #marked = 0; // the page of the marks
  #timer;

  /** `preview` has `payload`, `page`, `following`, `turnTo(page)` and `status(text)`. */
  constructor(client, preview) {
    this.#client = client;
    this.#preview = preview;
    if (preview.payload) this.renewed();
  }

  /** Another page or document is shown. */
  renewed() {
    const shown = JSON.stringify(this.#preview.payload);
    if (shown !== this.#shown) this.#pages = undefined;
    this.#shown = shown;
    this.stale();
    if (this.#preview.page !== this.#marked) unmark();
    if (this.#used && this.#preview.following) this.#timer = setTimeout(() => this.#follow(), this.#pages ? 0 : PAUSE);
  }

  /** The form has changed: the marks stay until the next page. */
  stale() {
    clearTimeout(this.#timer);
  }

  #places() {
    const get = async () => (await this.#client.post(`/forms/${page.form}/${page.year}/places`, JSON.parse(this.#shown), { quiet: true })).json();
    this.#pages ??= get().then(({ pages }) => pages, () => { this.#pages = undefined; return []; });
    return this.#pages;
  }

  /** Goes to the field nearest to a point of the page, in pixels. */
  async clicked(x, y) {
    if (!this.#shown) return;
    const [across, down] = [x / byId("page").clientWidth, y / byId("page").clientHeight];
    const { width = 0, height = 0, places = [] } = (await this.#places())[this.#preview.page - 1] ?? {};
    const place = nearest(places, across * width, down * height);
    const found = place && elementAt(place.pointer);
    if (!found) {
      this.#preview.status(word("no_field_here"));
      return;
    }
    if (!form.offsetParent) document.querySelector("button[data-tab='form']").click();
    focusField(found.matches("[data-rows], [data-section]") ? found.querySelector("input, textarea") : found);
  }

  /** An element of the form has the focus. */
  entered(target) {
    const pointer = target.closest("[data-field]")?.dataset.field ?? "";
    if (!pointer || pointer === this.#used) return;
    this.#used = pointer;
    if (this.#shown && this.#preview.following) this.#follow();
  }

  /** Marks the field in use; turns once to its page, if the field before was on another one. */
  async #follow() {
    const used = this.#used;
    const pages = await this.#places();
    if (used !== this.#used) return;
    const begun = pages.findIndex(({ places }) => places.some(({ pointer }) => pointer === used)) + 1;
    const turns = begun && used !== this.#found && begun !== this.#begun && begun !== this.#preview.page;
    if (begun) [this.#found, this.#begun] = [used, begun];
    if (turns) {
      this.#preview.turnTo(begun);
      return;
    }
    this.#marked = this.#preview.page;
    draw(pages[this.#marked - 1], used);
  }
}

/** The place around a point, the smallest one of several; else the nearest one. */
function nearest(places, x, y) {
  const apart = ({ box: [left, top, right, bottom] }) => Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
  const size = ({ box: [left, top, right, bottom] }) => (right - left) * (bottom - top);
  return [...places].sort((one, other) => apart(one) - apart(other) || size(one) - size(other))[0];
}

/** Marks the places of a field on the page shown, and scrolls there. */
function draw(shown, used) {
  const leaf = byId("leaf");
  unmark();
  const { width = 1, height = 1, places = [] } = shown ?? {};
  for (const { box: [left, top, right, bottom] } of places.filter(({ pointer }) => pointer === used)) {
    const mark = element("div", { class: "mark", "aria-hidden": "true" });
    const share = (length, whole) => `${(100 * length) / whole}%`;
    Object.assign(mark.style, { left: share(left, width), top: share(top, height), width: share(right - left, width), height: share(bottom - top, height) });
    leaf.append(mark);
  }
  const mark = leaf.querySelector(".mark");
  if (mark) reveal(mark, byId("paper"));
}

function unmark() {
  for (const mark of byId("leaf").querySelectorAll(".mark")) mark.remove();
}

/** Scrolls the paper, and nothing around it, so that a mark is in sight. */
function reveal(mark, paper) {
  const seen = paper.getBoundingClientRect();
  const { top, bottom } = mark.getBoundingClientRect();
  if (top < seen.top || bottom > seen.bottom) paper.scrollTop += top - seen.top - seen.height / 3;
}
