/**
 * What was typed and not sent yet, kept in this browser for each target: across a reload, and across signing in.
 */

const PREFIX = "skycrumbs.draft ";
const MOST = 20;
const DAYS = 30;
const TARGET = ["section", "parent", "revision", "start", "end"];

/** Private windows and full disks refuse: then nothing is kept, and nothing breaks. */
function store() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

const keyOf = (form) => {
  const target = TARGET.map((name) => form.elements.namedItem(name)?.value ?? "");
  return `${PREFIX}${new URL(form.action).pathname} ${target.join(",")}`;
};

const textOf = (form) => form.querySelector("textarea");

const kept = (drafts) => Object.keys(drafts).filter((key) => key.startsWith(PREFIX));

function read(drafts, key) {
  try {
    return JSON.parse(drafts.getItem(key)) ?? { text: "", at: 0 };
  } catch {
    return { text: "", at: 0 };
  }
}

/** The oldest go first: at most 20 are kept, each for at most 30 days. */
function clear(drafts) {
  const byAge = kept(drafts).map((key) => ({ key, at: read(drafts, key).at })).sort((a, b) => b.at - a.at);
  const oldest = Date.now() - DAYS * 86_400_000;
  for (const { key } of byAge.filter((one, at) => at >= MOST || one.at < oldest)) drafts.removeItem(key);
}

function write(form) {
  const drafts = store();
  const { value } = textOf(form);
  if (drafts === null) return;
  try {
    if (value === "") drafts.removeItem(keyOf(form));
    else drafts.setItem(keyOf(form), JSON.stringify({ text: value, at: Date.now() }));
    clear(drafts);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
  }
}

/** Forget what was kept of a form: it was sent, or its writer threw it away. */
export function forget(form) {
  store()?.removeItem(keyOf(form));
}

/** Keeps what is typed into a form, and puts back what was kept if the form is empty. */
export function keepDraft(form) {
  const area = textOf(form);
  if (area === null) return;
  const drafts = store();
  const { text } = drafts ? read(drafts, keyOf(form)) : { text: "" };
  if (area.value === "" && text !== "") {
    area.value = text;
    form.querySelector("[data-restored]")?.removeAttribute("hidden");
  }
  area.addEventListener("input", () => write(form));
  form.querySelector("[data-discard]")?.addEventListener("click", () => {
    area.value = "";
    forget(form);
    form.querySelector("[data-restored]").hidden = true;
    area.focus();
  });
}
