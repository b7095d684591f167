// Canonical text: the one plain string of an article that every offset counts in, and where it stands in the DOM.
//
// Offsets that leave this module are Unicode code points, half-open; inside, they are UTF-16 units.

/** The canonical text of an element's content, and ways between it and DOM ranges. */
export class Canonical {
  #pieces;
  #units;
  #points;
  #graphemes;

  /** @param {CanonicalWalk} walk over the whole content (walk.js) */
  constructor(walk) {
    this.#pieces = walk.pieces;
    /** The text. Its `.length` is UTF-16 units. */
    this.text = walk.result;
    [this.#units, this.#points] = codePointTables(this.text);
    /** Its length in code points. */
    this.length = this.#units.length - 1;
  }

  /** The text of code points [start, end). */
  slice(start, end) {
    return this.text.slice(this.#units[start], this.#units[end]);
  }

  /** The DOM range of code points [start, end). Throws a RangeError where the text has no such passage. */
  toRange(start, end) {
    if (!(start >= 0 && start < end && end <= this.length)) throw new RangeError(`No passage ${start} to ${end}`);
    const [from, to] = [this.#units[start], this.#units[end]];
    const first = this.#pieces[firstIndex(this.#pieces, (piece) => piece.start + piece.length > from)];
    const last = this.#pieces[firstIndex(this.#pieces, (piece) => piece.start >= to) - 1];
    const range = new Range();
    if (!first || !last) throw new RangeError(`Nothing to show from ${start} to ${end}`);
    range.setStart(first.node, first.offset + Math.max(0, from - first.start));
    range.setEnd(last.node, last.offset + Math.min(last.length, to - last.start));
    return range;
  }

  /**
   * The passage a DOM range selects, in code points, widened so that no character is cut in two.
   * @returns {{start: number, end: number} | null} null: it selects no text of this element.
   */
  fromRange(range) {
    const start = this.#firstUnit(range.startContainer, range.startOffset);
    const end = this.#lastUnit(range.endContainer, range.endOffset);
    if (start === null || end === null || start >= end) return null;
    const [from, to] = [this.#character(start)[0], this.#character(end - 1)[1]];
    return { start: this.#points[from], end: this.#points[to] };
  }

  /** The SHA-256 of the text in hexadecimal. Rejects where the page is not in a secure context. */
  async sha256() {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(this.text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** The first unit at or after a boundary point; null where no text follows. */
  #firstUnit(container, offset) {
    const boundary = collapsedRange(container, offset);
    const at = firstIndex(this.#pieces, (p) => boundary.comparePoint(p.node, p.offset + p.length) > 0);
    const piece = this.#pieces[at];
    if (!piece) return null;
    return piece.start + (piece.node === container ? Math.max(0, offset - piece.offset) : 0);
  }

  /** The unit after the last one before a boundary point; null where no text stands before it. */
  #lastUnit(container, offset) {
    const boundary = collapsedRange(container, offset);
    const at = firstIndex(this.#pieces, (p) => boundary.comparePoint(p.node, p.offset) >= 0);
    const piece = this.#pieces[at - 1];
    if (!piece) return null;
    return piece.start + (piece.node === container ? Math.min(piece.length, offset - piece.offset) : piece.length);
  }

  /** The [start, end) of the character that the reader sees around a unit: UAX #29, grapheme clusters. */
  #character(unit) {
    // Firefox before 125 has no segmenter: there a code point is the best we know.
    if (!Intl.Segmenter) return [0, 1].map((step) => this.#units[this.#points[unit] + step]);
    this.#graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(this.text);
    const { index, segment } = this.#graphemes.containing(unit);
    return [index, index + segment.length];
  }
}

/** Two tables: the unit where each code point begins, and the code point each unit belongs to. */
function codePointTables(text) {
  const units = [];
  const points = new Int32Array(text.length + 1);
  for (let unit = 0; unit <= text.length; unit += text.codePointAt(unit) > 0xffff ? 2 : 1) {
    points.fill(units.length, unit, unit + 2);
    units.push(unit);
  }
  return [Int32Array.from(units), points];
}

/** The index of the first item that passes a test which all after it pass too; the length where none does. */
function firstIndex(items, test) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A range of no length at a boundary point; its comparePoint says what stands before it and after. */
function collapsedRange(node, offset) {
  const range = new Range();
  range.setStart(node, offset);
  return range;
}
