// Which text of an article is its canonical text, and where each piece of it came from. Pure: no DOM.
//
// The same rules as articles/canonical.py, and tests/vectors/canonical.json holds both to them. Offsets are UTF-16
// units.

const BLOCK_ELEMENTS = new Set(
  ("address article aside blockquote caption dd details dialog div dl dt fieldset figcaption figure" +
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol p pre search section" +
    " summary table tbody td tfoot th thead tr ul").split(" "),
);
// Not \s: Python and JavaScript disagree on it, and both count the no-break space.
const WHITE_SPACE = /[ \t\n\r\f]+/;
const BORDER = 1;
const NEWLINE = 2;

/** Puts the text together from what a walk over HTML meets, in order. */
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
