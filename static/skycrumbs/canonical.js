// Canonical text: the one plain string of an article that every offset counts in, read from the DOM.
//
// The same rules as articles/canonical.py, and tests/vectors/canonical.json holds both to them. Offsets
// that leave this module are Unicode code points, half-open; inside, they are UTF-16 units.

const BLOCK_ELEMENTS = new Set(
  ("address article aside blockquote caption dd details dialog div dl dt fieldset figcaption figure" +
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section" +
    " summary table tbody td tfoot th thead tr ul").split(" "),
);
// Not \s: Python and JavaScript disagree on it, and both count the no-break space.
const WHITE_SPACE = /[ \t\n\r\f]+/;
const BORDER = 1;
const NEWLINE = 2;

/** Puts the text together from what a walk over HTML meets, in order. It knows no DOM. */
export class CanonicalWalk {
  /** Where text came from: {start, length} in `result`, {node, offset} in the source; all UTF-16 units. */
  pieces = [];
  #parts = [];
  #length = 0;
  #preDepth = 0;
  #skippedDepth = 0;
  #lineEnd = 0;
  #space = null;

  /** An element begins; `isSkipped`: it is marked data-canon="skip". Names are lower-case. */
  open(name, isSkipped = false) {
    if (isSkipped || this.#skippedDepth > 0) this.#skippedDepth += 1;
    else this.#cross(name, 1);
  }

  /** An element ends. Every `open` has its `close`, that of a void element too. */
  close(name) {
    if (this.#skippedDepth > 0) this.#skippedDepth -= 1;
    else this.#cross(name, -1);
  }

  /** A text node, as an HTML parser gives it: without the LF directly after `<pre>`. */
  text(data, node = null) {
    if (this.#skippedDepth > 0) return;
    if (this.#preDepth > 0) this.#addVerbatim(data, node);
    else this.#addFolded(data, node);
  }

  get result() {
    return this.#parts.join("");
  }

  #cross(name, step) {
    if (name === "pre") this.#preDepth += step;
    if (name === "br" || BLOCK_ELEMENTS.has(name)) this.#lineEnd ||= BORDER;
  }

  #addFolded(data, node) {
    let offset = 0;
    for (const part of data.split(/([ \t\n\r\f]+)/)) {
      if (WHITE_SPACE.test(part)) this.#space ??= { node, offset };
      else if (part !== "") this.#addWord(part, node, offset);
      offset += part.length;
    }
  }

  #addWord(word, node, offset) {
    const isInLine = this.#lineEnd === 0 && this.#length > 0;
    if (this.#space !== null && isInLine) this.#put(" ", this.#space.node, this.#space.offset);
    this.#space = null;
    this.#startLine();
    this.#put(word, node, offset);
  }

  #addVerbatim(data, node) {
    if (data === "") return;
    this.#startLine();
    const isEnded = data.endsWith("\n");
    this.#put(isEnded ? data.slice(0, -1) : data, node, 0);
    if (isEnded) this.#lineEnd = NEWLINE;
  }

  #startLine() {
    if (this.#lineEnd === NEWLINE || (this.#lineEnd && this.#length > 0)) this.#put("\n", null, 0);
    this.#lineEnd = 0;
  }

  #put(text, node, offset) {
    if (text === "") return;
    const last = this.pieces.at(-1);
    if (last && last.node === node && last.offset + last.length === offset) last.length += text.length;
    else if (node !== null) this.pieces.push({ start: this.#length, length: text.length, node, offset });
    this.#parts.push(text);
    this.#length += text.length;
  }
}

/** The canonical text of an element's content, and ways between it and DOM ranges. */
export class Canonical {
  #pieces;
  #units;
  #points;
  #graphemes;

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

/** Reads the content of an element, but for what is inside `data-canon="skip"`. */
export function readCanonical(root) {
  const walk = new CanonicalWalk();
  feed(walk, root);
  return new Canonical(walk);
}

function feed(walk, parent) {
  for (const node of parent.childNodes) {
    if (node.nodeType === node.TEXT_NODE) walk.text(node.data, node);
    if (node.nodeType !== node.ELEMENT_NODE) continue;
    walk.open(node.localName, node.getAttribute("data-canon") === "skip");
    feed(walk, node);
    walk.close(node.localName);
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
