/**
 * The passages of what was sent from this tab and the server tells of nobody yet, because the address is not proven:
 * they stay tinted across a reload.
 */
import { put, storesOf } from "skycrumbs/stores.js";

const PREFIX = "skycrumbs.sent ";

const store = () => storesOf("sessionStorage")[0];

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
  const kept = store();
  if (kept && spans.length > 0) put(kept, keyOf(root), JSON.stringify(spans));
  else kept?.removeItem(keyOf(root));
}

export function forgetSent() {
  const kept = store();
  if (!kept) return;
  for (const key of Object.keys(kept).filter((one) => one.startsWith(PREFIX))) kept.removeItem(key);
}
