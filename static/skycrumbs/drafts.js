/**
 * What was typed and not sent yet, kept in this browser for each target: across a reload, across signing in, and
 * across another revision of the article. Signing out forgets all of it: the next person at the screen is another.
 */

const PREFIX = "skycrumbs.draft ";
const MOST = 20;
const DAYS = 30;
const PLACE = ["revision", "start", "end"];
const TARGET = ["section", "parent", "exact", ...PLACE];

// Under which key each form's draft was last kept.
const keys = new WeakMap();

/** Private windows and full disks refuse: then nothing is kept, and nothing breaks. */
function store() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** With the kind: the words of a private note must never turn up in a form that everybody reads. */
function keyOf(form) {
  const field = (name) => form.elements.namedItem(name)?.value ?? "";
  const place = Object.fromEntries(TARGET.map((name) => [name, field(name)]));
  // The form below the text does not ask for the kind, and its preview does.
  return PREFIX + JSON.stringify({ path: new URL(form.action).pathname, kind: field("kind") || "comment", ...place });
}

const textOf = (form) => form.querySelector("textarea");

const kept = (drafts) => Object.keys(drafts).filter((key) => key.startsWith(PREFIX));

/** @returns {{text: string, from: string, at: number} | null} `from`: what stood in the form before */
function read(drafts, key) {
  try {
    return JSON.parse(drafts.getItem(key));
  } catch {
    return null;
  }
}

/** The key of the same words in another revision, or undefined: in the same one they are another place. */
function inOtherRevision(drafts, key) {
  const target = (one) => JSON.parse(one.slice(PREFIX.length));
  const bare = (one) => JSON.stringify({ ...target(one), revision: 0, start: 0, end: 0 });
  const { exact, revision } = target(key);
  if (exact === "") return undefined;
  return kept(drafts).find((one) => bare(one) === bare(key) && target(one).revision !== revision);
}

/** The oldest go first: at most 20 are kept, each for at most 30 days. */
function clear(drafts) {
  const byAge = kept(drafts).map((key) => ({ key, at: read(drafts, key)?.at ?? 0 })).sort((a, b) => b.at - a.at);
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const { key } of byAge.filter((one, at) => at >= MOST || one.at < oldest)) drafts.removeItem(key);
}

function write(form) {
  const drafts = store();
  if (drafts === null) return;
  const { value, defaultValue } = textOf(form);
  const [key, before] = [keyOf(form), keys.get(form)];
  const from = read(drafts, before ?? key)?.from ?? defaultValue;
  if (before !== undefined && before !== key) drafts.removeItem(before);
  keys.set(form, key);
  try {
    if (value === from) drafts.removeItem(key);
    else drafts.setItem(key, JSON.stringify({ text: value, from, at: Date.now() }));
    clear(drafts);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
  }
}

function forget(form) {
  store()?.removeItem(keyOf(form));
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
  forget(form);
}

/** Forget every draft of this browser. */
export function forgetAll() {
  const drafts = store();
  if (drafts !== null) for (const key of kept(drafts)) drafts.removeItem(key);
}

function restore(form, area) {
  const drafts = store();
  if (drafts === null) return;
  const key = drafts.getItem(keyOf(form)) === null ? inOtherRevision(drafts, keyOf(form)) : keyOf(form);
  const draft = key === undefined ? null : read(drafts, key);
  // What came back with a refusal, or was edited meanwhile, stays as the server sent it.
  if (draft === null || area.value !== draft.from) return;
  area.value = draft.text;
  keys.set(form, key);
  write(form);
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
    forget(form);
    form.querySelector("[data-restored]").hidden = true;
    area.focus();
  });
}
