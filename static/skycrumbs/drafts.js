/**
 * What was typed and not sent yet, kept in this browser for each target: across a reload, across signing in, and
 * across another revision of the article. Each tab keeps its own, and what was typed last in any of them is there for a
 * new one. Signing out forgets all of it: the next person at the screen is another.
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

/** @returns {{text: string, from: string, at: number} | null} `from`: what stood in the form before */
function readFrom(store, key) {
  try {
    const draft = JSON.parse(store.getItem(key));
    return draft?.at > Number(stores().at(-1).getItem(FORGOTTEN)) ? draft : null;
  } catch {
    return null;
  }
}

/** The tab's own draft, else what was typed last in another. */
function read(key) {
  return stores().map((store) => readFrom(store, key)).find((draft) => draft !== null) ?? null;
}

/** The key of the same words in another revision, or undefined: in the same one they are another place. */
function inOtherRevision(key) {
  const target = (one) => JSON.parse(one.slice(PREFIX.length));
  const bare = (one) => JSON.stringify({ ...target(one), revision: 0, start: 0, end: 0 });
  const { exact, revision } = target(key);
  if (exact === "") return undefined;
  return stores().flatMap(kept).find((one) => bare(one) === bare(key) && target(one).revision !== revision);
}

/** The oldest go first: at most 20 are kept, each for at most 30 days. */
function clear(store) {
  const byAge = kept(store).map((key) => ({ key, at: readFrom(store, key)?.at ?? 0 })).sort((a, b) => b.at - a.at);
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const { key } of byAge.filter((one, at) => at >= MOST || one.at < oldest)) store.removeItem(key);
}

/** Takes away the draft of this tab, wherever it is kept; what was typed in another stays. */
function remove(key) {
  const own = read(key)?.text;
  for (const store of stores()) if (readFrom(store, key)?.text === own) store.removeItem(key);
}

function write(form) {
  const { value, defaultValue } = textOf(form);
  const [key, before] = [keyOf(form), keys.get(form)];
  const from = read(before ?? key)?.from ?? defaultValue;
  if (before !== undefined && before !== key) remove(before);
  keys.set(form, key);
  if (value === from) return remove(key);
  for (const store of stores()) {
    put(store, key, JSON.stringify({ text: value, from, at: Date.now() }));
    clear(store);
  }
  return undefined;
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
  const wordsOf = (one) => (one.elements.namedItem("text")?.value ?? "").normalize().replace(/\s+/g, " ").trim();
  for (const twin of twinsOf(form)) if (wordsOf(twin) === wordsOf(form)) twin.reset();
  remove(keyOf(form));
}

/** Forget every draft of this browser. */
export function forgetAll() {
  for (const store of stores()) for (const key of kept(store)) store.removeItem(key);
  const shared = stores().at(-1);
  if (shared) put(shared, FORGOTTEN, Date.now());
}

function restore(form, area) {
  const own = keyOf(form);
  const key = read(own) === null ? inOtherRevision(own) : own;
  const draft = key === undefined ? null : read(key);
  // What came back with a refusal, or was edited meanwhile, stays as the server sent it.
  if (draft === null || area.value !== draft.from) return;
  area.value = draft.text;
  keys.set(form, key);
  if (key !== own) write(form);
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
    area.value = before;
    fillTwins(form);
    remove(keyOf(form));
    form.querySelector("[data-restored]").hidden = true;
    area.focus();
  });
}
