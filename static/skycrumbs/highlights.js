/**
 * Passages painted on the article by the CSS Custom Highlight API: the article's DOM stays as the server sent it.
 * Where the API is missing, the page is complete without: every comment quotes its passage.
 */
import { readCanonical } from "skycrumbs/canonical.js";
import { pieces, spanOf } from "skycrumbs/paint.js";

const DEEPEST = 3; // shades in article.css

const commentId = (key) => `comment-${key}`;

function readSpans(page) {
  // A section's id may be "highlights" too.
  const script = page.querySelector("script#highlights");
  return script === null ? [] : JSON.parse(script.textContent);
}

/** Whether the browser shows the text the offsets count in: not where it was translated or rewritten. */
async function isAsServed(canonical, root) {
  if (canonical.length !== Number(root.dataset.length)) return false;
  // crypto.subtle is there in secure contexts only (W3C Web Cryptography, section 8).
  return !window.isSecureContext || (await canonical.sha256()) === root.dataset.sha256;
}

function paint(painted) {
  for (let depth = 1; depth <= DEEPEST; depth += 1) {
    const ranges = painted.filter((one) => Math.min(one.depth, DEEPEST) === depth).map((one) => one.range);
    CSS.highlights.set(`depth-${depth}`, new Highlight(...ranges));
  }
}

const holds = (box, x, y) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

/** The painted piece under a point of the window, or undefined. */
function pieceAt(painted, { clientX: x, clientY: y }) {
  const isUnder = ({ range }) =>
    holds(range.getBoundingClientRect(), x, y) && [...range.getClientRects()].some((box) => holds(box, x, y));
  return painted.find(isUnder);
}

/** Lights up the passage of one comment; none puts the light out. */
function choose(canonical, span) {
  if (span === null) return CSS.highlights.delete("chosen");
  const light = new Highlight(canonical.toRange(span.start, span.end));
  light.priority = 1;
  return CSS.highlights.set("chosen", light);
}

function bringIntoView(range) {
  const node = range.startContainer;
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  element.scrollIntoView({ block: "center" });
}

/** Goes to the first of some comments: on this page, else on its own. */
function openComment(keys) {
  const here = keys.find((key) => document.getElementById(commentId(key)));
  location.assign(here ? `#${commentId(here)}` : `/comments/${keys[0]}/`);
}

/** A click on a passage goes to its first comment; links and selecting keep their meaning. */
function openFromText(root, painted) {
  root.addEventListener("click", (event) => {
    if (event.target.closest("a") || !document.getSelection().isCollapsed) return;
    const hit = pieceAt(painted, event);
    if (hit) openComment(hit.ids);
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") root.classList.toggle("over-passage", pieceAt(painted, event) !== undefined);
  });
}

/** A click on a quote shows the passage in the text. */
function openFromQuotes(page, canonical, spans) {
  page.addEventListener("click", (event) => {
    const quote = event.target.closest("[data-passage]");
    const span = quote && spanOf(spans, quote.dataset.passage);
    if (!span) return;
    event.preventDefault();
    choose(canonical, span);
    bringIntoView(canonical.toRange(span.start, span.end));
  });
}

/** The comment named in the address has its passage lit. */
function followAddress(canonical, spans) {
  const show = () => {
    const key = location.hash.replace(/^#comment-/, "");
    choose(canonical, spanOf(spans, key));
  };
  window.addEventListener("hashchange", show);
  show();
}

/** Paints the passages of the page's comments and ties both together. */
export async function startHighlights(page) {
  const root = page.querySelector("#article_text");
  const spans = readSpans(page);
  if (root === null || spans.length === 0 || !CSS.highlights) return;
  const canonical = readCanonical(root);
  if (!(await isAsServed(canonical, root))) return;
  const painted = pieces(spans).map((one) => ({ ...one, range: canonical.toRange(one.start, one.end) }));
  paint(painted);
  openFromText(root, painted);
  openFromQuotes(page, canonical, spans);
  followAddress(canonical, spans);
}
