/**
 * What was typed and not sent yet, kept in this browser for each target: across a reload, across signing in, and
 * across another revision of the article. Each tab keeps its own words. A new one begins with what was typed last in
 * any of them; what was typed in others is kept below that until it is sent or thrown away. Signing out forgets all
 * of it: the next person at the screen is another.
 */
import { put, storesOf } from "skycrumbs/stores.js";

const PREFIX = "skycrumbs.draft ";
// When somebody signed out last: what other tabs keep from before that is forgotten too.
const FORGOTTEN = "skycrumbs.forgotten";
const MOST = 20;
const DAYS = 30;
const PLACE = ["revision", "start", "end"];
const TARGET = ["section", "parent", "exact", ...PLACE];

// Under which key each form's draft was last kept.
const keys = new WeakMap();
// The draft each form began with, where another tab typed it.
const begun = new WeakMap();

/** The tab's own, then the one of all tabs. */
const stores = () => storesOf("sessionStorage", "localStorage");

/** With the kind: the words of a private note must never turn up in a form that everybody reads. */
function keyOf(form) {
  const field = (name) => form.elements.namedItem(name)?.value ?? "";
  const place = Object.fromEntries(TARGET.map((name) => [name, field(name)]));
  // The form below the text does not ask for the kind, and its preview does.
  return PREFIX + JSON.stringify({ path: new URL(form.action).pathname, kind: field("kind") || "comment", ...place });
}

const textOf = (form) => form.querySelector("textarea");

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

/** What this tab typed, else what was typed last in another. */
function read(key) {
  return stores().flatMap((store) => readFrom(store, key))[0] ?? null;
}

/** What this tab typed for a target, else what one of its forms began with. */
function ownOf(form, key) {
  return stores().slice(0, 1).flatMap((store) => readFrom(store, key))[0] ?? begun.get(form);
}

/** Words as the server keeps them, or nearly. */
const bare = (words) => words.normalize().replace(/\s+/g, " ").trim();

/** The key of the same words in another revision, or undefined: in the same one they are another place. */
function inOtherRevision(key) {
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

/** Takes away this tab's draft, and the same words wherever they are kept; puts others in their place, if any. */
function replace(form, key, words, ...drafts) {
  const taken = [words, ownOf(form, key)?.text ?? words].map(bare);
  for (const [at, store] of stores().entries()) {
    // The first is the tab's own.
    const others = at === 0 ? [] : readFrom(store, key).filter(({ text }) => !taken.includes(bare(text)));
    keep(store, key, [...drafts, ...others]);
    clear(store);
  }
}

function write(form) {
  const { value, defaultValue } = textOf(form);
  const [key, before] = [keyOf(form), keys.get(form)];
  const from = ownOf(form, before ?? key)?.from ?? defaultValue;
  if (before !== undefined && before !== key) replace(form, before, value);
  keys.set(form, key);
  replace(form, key, value, ...(value === from ? [] : [{ text: value, from, at: Date.now() }]));
}

/** The other forms for the same target that are open: the one below the text, and what its preview led to. */
function twinsOf(form) {
  const isTwin = (one) => one !== form && textOf(one) && keyOf(one) === keyOf(form);
  return [...document.querySelectorAll("form.compose")].filter(isTwin);
}

/** One target has one draft, in whichever form it is typed. */
function fillTwins(form) {
  for (const twin of twinsOf(form)) textOf(twin).value = textOf(form).value;
}

/** What was stored is no draft any more, and leaves the form too that it came from by preview. */
export function forgetStored(form) {
  const wordsOf = (one) => one.elements.namedItem("text")?.value ?? "";
  for (const twin of twinsOf(form)) if (bare(wordsOf(twin)) === bare(wordsOf(form))) twin.reset();
  replace(form, keyOf(form), wordsOf(form));
}

/** Forget every draft of this browser. */
export function forgetAll() {
  for (const store of stores()) for (const key of kept(store)) store.removeItem(key);
  const shared = stores().at(-1);
  if (shared) put(shared, FORGOTTEN, Date.now());
}

function restore(form, area) {
  const here = keyOf(form);
  const key = read(here) === null ? inOtherRevision(here) : here;
  const draft = key === undefined ? null : read(key);
  // What came back with a refusal, or was edited meanwhile, stays as the server sent it.
  if (draft === null || area.value !== draft.from) return;
  area.value = draft.text;
  keys.set(form, key);
  begun.set(form, draft);
  if (key !== here) write(form);
  form.querySelector("[data-restored]")?.removeAttribute("hidden");
}

/** Keeps what is typed into a form, and puts back what was kept if nothing else stands there. */
export function keepDraft(form) {
  const area = textOf(form);
  if (area === null) return;
  const before = area.value;
  restore(form, area);
  form.addEventListener("input", () => {
    write(form);
    fillTwins(form);
  });
  form.addEventListener("reset", () => form.querySelector("[data-restored]")?.setAttribute("hidden", ""));
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    replace(form, keyOf(form), area.value);
    area.value = before;
    fillTwins(form);
    form.querySelector("[data-restored]").hidden = true;
    area.focus();
  });
}
