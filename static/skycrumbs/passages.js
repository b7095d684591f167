/** Passages that a reader chooses in the text: where a selection is, and whether it can be commented on. */

const SETTLED_MS = 180; // a drag or a key held down has come to rest
const CONTEXT = 200; // code points looked at on each side, more than a link names

/** Code points [start, end) without the white space at both ends. */
function trimmed(canonical, { start, end }) {
  const text = [...canonical.slice(start, end)];
  const isSpace = (sign) => /^[ \t\n\r\f]$/.test(sign);
  const first = text.findIndex((sign) => !isSpace(sign));
  if (first === -1) return null;
  return { start: start + first, end: start + text.findLastIndex((sign) => !isSpace(sign)) + 1 };
}

const elementOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
const sectionOf = (node) => elementOf(node).closest(".section");

/** What a link to the passage says besides: the text around it on its own line. */
function around(canonical, { start, end }) {
  const before = canonical.slice(Math.max(0, start - CONTEXT), start);
  const after = canonical.slice(end, Math.min(canonical.length, end + CONTEXT));
  return { before: before.slice(before.lastIndexOf("\n") + 1), after: after.split("\n")[0] };
}

/** The passage of code points [start, end), with its words, its place and whether it stays in one section. */
function passageAt(canonical, span) {
  const range = canonical.toRange(span.start, span.end);
  const isWhole = sectionOf(range.startContainer) === sectionOf(range.endContainer);
  return { ...span, ...around(canonical, span), exact: canonical.slice(span.start, span.end), range, isWhole };
}

/** The passage that is selected inside `root`, as far as it reaches in there, or null. */
export function selected(canonical, root) {
  const selection = document.getSelection();
  if (selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  // One that begins or ends a little beside the text is on it; one around all of it is the whole page.
  if (!root.contains(range.startContainer) && !root.contains(range.endContainer)) return null;
  const span = canonical.fromRange(range);
  const bare = span && trimmed(canonical, span);
  return bare && passageAt(canonical, bare);
}

/** Calls `tell` with each passage that is chosen in `root`, and with null when none is any more. */
export function watchSelection(canonical, root, tell) {
  let timer = 0;
  let isHeld = false;
  const look = () => {
    clearTimeout(timer);
    if (!isHeld) timer = setTimeout(() => tell(selected(canonical, root)), SETTLED_MS);
  };
  const hold = (held) => () => {
    isHeld = held;
    look();
  };
  document.addEventListener("selectionchange", look);
  document.addEventListener("pointerdown", hold(true));
  document.addEventListener("pointerup", hold(false));
  document.addEventListener("pointercancel", hold(false));
}

/** The control of the block that a passage begins in, else the text as a whole. */
export function controlBeside(range, root) {
  const { startContainer: node } = range;
  for (let at = node.parentElement; root.contains(at); at = at.parentElement) {
    const control = at.querySelector("a.on-block");
    if (control?.checkVisibility()) return control;
  }
  return root.closest("main");
}
