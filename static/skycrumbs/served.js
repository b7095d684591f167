/** What the server put on the page of an article: its text, and the passages that were commented on. */
import { Canonical } from "skycrumbs/canonical.js";
import { CanonicalWalk } from "skycrumbs/walk.js";

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

/** Whether the browser shows the text the offsets count in: not where it was translated or rewritten. */
export async function isAsServed(canonical, root) {
  if (canonical.length !== Number(root.dataset.length)) return false;
  // crypto.subtle is there in secure contexts only (W3C Web Cryptography, section 8).
  return !window.isSecureContext || (await canonical.sha256()) === root.dataset.sha256;
}

/** @returns {Span[]} of highlights.js, in order */
export function readSpans(page) {
  // A section's id may be "highlights" too.
  const script = page.querySelector("script#highlights");
  const spans = script === null ? [] : JSON.parse(script.textContent);
  return spans.map(({ start, end, count, ids }) => ({ start, end, ids, hasMore: count > ids.length }));
}
