/**
 * The passages of what was sent from this tab and the server tells of nobody yet, because the address is not proven:
 * they stay tinted across a reload.
 */

const PREFIX = "skycrumbs.sent ";

/** Private windows refuse: then nothing is kept, and nothing breaks. */
function store() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

const keyOf = (root) => `${PREFIX}${root.dataset.compose} ${root.dataset.revision}`;

/** @returns {{start: number, end: number, ids: string[]}[]} code points of the text that is shown, half-open */
export function readSent(root) {
  try {
    return JSON.parse(store()?.getItem(keyOf(root)) ?? "[]");
  } catch {
    return [];
  }
}

export function writeSent(root, spans) {
  try {
    if (spans.length > 0) store()?.setItem(keyOf(root), JSON.stringify(spans));
    else store()?.removeItem(keyOf(root));
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
  }
}

export function forgetSent() {
  const kept = store();
  if (kept === null) return;
  for (const key of Object.keys(kept).filter((one) => one.startsWith(PREFIX))) kept.removeItem(key);
}
