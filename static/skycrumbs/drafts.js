/**
 * What was typed and not sent yet, kept in this browser for each target: across a reload, across signing in, and
 * across another revision of the article. Each tab keeps its own words. A new one begins with what was typed last in
 * any of them; what was typed in others is kept below that until it is sent or thrown away. Signing out forgets all
 * of it: the next person at the screen is another.
 */
import { bare, inOtherRevision, PREFIX, read, replace, typedHere } from "skycrumbs/kept.js";

const PLACE = ["revision", "start", "end"];
const TARGET = ["section", "parent", "exact", ...PLACE];

// Under which key each form's draft was last kept.
const keys = new WeakMap();
// The draft each form began with, where another tab typed it.
const begun = new WeakMap();

/** With the kind: the words of a private note must never turn up in a form that everybody reads. */
function keyOf(form) {
  const field = (name) => form.elements.namedItem(name)?.value ?? "";
  const place = Object.fromEntries(TARGET.map((name) => [name, field(name)]));
  // The form below the text does not ask for the kind, and its preview does.
  return PREFIX + JSON.stringify({ path: new URL(form.action).pathname, kind: field("kind") || "comment", ...place });
}

const textOf = (form) => form.querySelector("textarea");

/** What this tab typed for a target, else what one of its forms began with. */
const ownOf = (form, key) => typedHere(key) ?? begun.get(form);

/** Takes away this tab's draft and these words, and puts others in their place, if any. */
function exchange(form, key, words, ...drafts) {
  replace(key, [words, ownOf(form, key)?.text ?? words], drafts);
}

function write(form) {
  const { value, defaultValue } = textOf(form);
  const [key, before] = [keyOf(form), keys.get(form)];
  const from = ownOf(form, before ?? key)?.from ?? defaultValue;
  if (before !== undefined && before !== key) exchange(form, before, value);
  keys.set(form, key);
  exchange(form, key, value, ...(value === from ? [] : [{ text: value, from, at: Date.now() }]));
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
  exchange(form, keyOf(form), wordsOf(form));
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
    exchange(form, keyOf(form), area.value);
    area.value = before;
    fillTwins(form);
    form.querySelector("[data-restored]").hidden = true;
    area.focus();
  });
}
