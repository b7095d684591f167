/**
 * Passages painted on the article by the CSS Custom Highlight API: the article's DOM stays as the server sent it.
 * Where the API is missing, the page is complete without: every comment quotes its passage.
 */
import { pieces, spanOf } from "skycrumbs/paint.js";

const DEEPEST = 3; // shades in article.css

const holds = (box, x, y) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

const length = (span) => span.end - span.start;

/** Spans with those of `others`: each passage once, with the keys of all that stands on it. */
function joined(spans, others) {
  const byPlace = new Map(spans.map((span) => [`${span.start} ${span.end}`, span]));
  for (const { start, end, ids } of others) {
    const place = `${start} ${end}`;
    const span = byPlace.get(place) ?? { start, end, ids: [] };
    byPlace.set(place, { ...span, ids: [...new Set([...span.ids, ...ids])] });
  }
  return [...byPlace.values()];
}

/**
 * @typedef {{start: number, end: number, ids: string[], hasMore?: boolean}} Span code points, half-open; the keys of
 * its comments, as far as the page names them, and whether there are more
 */

export class Highlights {
  #canonical;
  #root;
  #served;
  #painted = [];

  /** @param {Span[]} spans */
  constructor(canonical, root, spans) {
    this.#canonical = canonical;
    this.#root = root;
    this.#served = spans;
    this.spans = spans;
    this.#paint();
    root.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") root.classList.toggle("over-passage", this.under(event).length > 0);
    });
  }

  /** Paints the passages of the reader's own, tinted apart. */
  paintOwn(spans) {
    const own = new Highlight(...spans.map((span) => this.range(span)));
    own.priority = 1;
    CSS.highlights.set("mine", own);
    // New and private ones are in no span of the page, and are to be found under the pointer all the same.
    this.spans = joined(this.#served, spans);
    this.#paint();
  }

  /** Lights one passage up; null puts the light out. */
  choose(span) {
    if (span === null) return CSS.highlights.delete("chosen");
    const light = new Highlight(this.range(span));
    light.priority = 2;
    return CSS.highlights.set("chosen", light);
  }

  /** Every passage under a point of the window, the shortest first. */
  under({ clientX: x, clientY: y }) {
    const isUnder = ({ range }) =>
      holds(range.getBoundingClientRect(), x, y) && [...range.getClientRects()].some((box) => holds(box, x, y));
    const piece = this.#painted.find(isUnder);
    if (!piece) return [];
    const around = this.spans.filter((span) => span.start <= piece.start && span.end >= piece.end);
    return around.sort((one, other) => length(one) - length(other));
  }

  /** Every passage in the block that a sign stands at the end of, in order. */
  beside(sign) {
    const range = new Range();
    range.setStart(sign.parentElement, 0);
    range.setEndBefore(sign);
    const block = this.#canonical.fromRange(range);
    const there = this.spans.filter((span) => block && span.start < block.end && span.end > block.start);
    return there.sort((one, other) => one.start - other.start);
  }

  /** The passage that a comment is on, or null. */
  of(key) {
    return spanOf(this.spans, key);
  }

  range({ start, end }) {
    return this.#canonical.toRange(start, end);
  }

  bringIntoView(span) {
    const node = this.range(span).startContainer;
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    element.scrollIntoView({ block: "center" });
  }

  #paint() {
    this.#painted = pieces(this.spans).map((one) => ({ ...one, range: this.range(one) }));
    for (let depth = 1; depth <= DEEPEST; depth += 1) {
      const ranges = this.#painted.filter((one) => Math.min(one.depth, DEEPEST) === depth).map((one) => one.range);
      CSS.highlights.set(`depth-${depth}`, new Highlight(...ranges));
    }
    this.#root.dataset.painted = this.#painted.length;
  }
}
