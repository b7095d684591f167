/**
 * Drafts as the browser keeps them, a list for each target: in the tab's own store what was typed there, in that of
 * all tabs what was typed in any of them and not sent.
 */
import { put, storesOf } from "skycrumbs/stores.js";

export const PREFIX = "skycrumbs.draft ";
// When somebody signed out last: what other tabs keep from before that is forgotten too.
const FORGOTTEN = "skycrumbs.forgotten";
const MOST = 20;
const DAYS = 30;

/** The tab's own, then the one of all tabs. */
const stores = () => storesOf("sessionStorage", "localStorage");

const kept = (store) => Object.keys(store).filter((key) => key.startsWith(PREFIX));

/** @returns {{text: string, from: string, at: number}[]} last typed first; `from`: what stood in the form before */
function readFrom(store, key) {
  try {
    const forgotten = Number(stores().at(-1).getItem(FORGOTTEN));
    return JSON.parse(store.getItem(key)).filter(({ at }) => at > forgotten);
  } catch {
    return [];
  }
}

function keep(store, key, drafts) {
  if (drafts.length > 0) put(store, key, JSON.stringify(drafts));
  else store.removeItem(key);
}

/** What this tab typed for a target, else what was typed last in another; null where nothing is kept. */
export function read(key) {
  return stores().flatMap((store) => readFrom(store, key))[0] ?? null;
}

/** What this tab typed for a target, or null. */
export const typedHere = (key) => stores().slice(0, 1).flatMap((store) => readFrom(store, key))[0] ?? null;

/** The key of the same words in another revision, or undefined: in the same one they are another place. */
export function inOtherRevision(key) {
  const target = (one) => JSON.parse(one.slice(PREFIX.length));
  const wherever = (one) => JSON.stringify({ ...target(one), revision: 0, start: 0, end: 0 });
  const { exact, revision } = target(key);
  if (exact === "") return undefined;
  return stores().flatMap(kept).find((one) => wherever(one) === wherever(key) && target(one).revision !== revision);
}

/** The oldest go first: at most 20 are kept, each for at most 30 days. */
function clear(store) {
  const lists = kept(store).map((key) => [key, readFrom(store, key)]);
  const newest = lists.flatMap(([, drafts]) => drafts).sort((a, b) => b.at - a.at).slice(0, MOST);
  const oldest = Date.now() - DAYS * 86_400_000;
  const stays = new Set(newest.filter(({ at }) => at >= oldest));
  for (const [key, drafts] of lists) keep(store, key, drafts.filter((draft) => stays.has(draft)));
}

/** Words as the server keeps them, or nearly. */
export const bare = (words) => words.normalize().replace(/\s+/g, " ").trim();

/** Puts `drafts` in the place of what this tab kept for a target, and of these words wherever they are kept. */
export function replace(key, words, drafts) {
  const taken = words.map(bare);
  for (const [at, store] of stores().entries()) {
    // The first is the tab's own.
    const others = at === 0 ? [] : readFrom(store, key).filter(({ text }) => !taken.includes(bare(text)));
    keep(store, key, [...drafts, ...others]);
    clear(store);
  }
}

/** Forget every draft of this browser. */
export function forgetAll() {
  for (const store of stores()) for (const key of kept(store)) store.removeItem(key);
  const shared = stores().at(-1);
  if (shared) put(shared, FORGOTTEN, Date.now());
}
