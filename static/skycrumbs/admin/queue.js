/** The keys of the queue. Each presses a button or follows a link that is on the page anyway. */

const OPEN_CARDS = "[data-card]:not([aria-busy='true'])";

const cards = () => [...document.querySelectorAll(OPEN_CARDS)];

/** The card that has the focus, or holds what has it; on a page of one card, that one. */
function chosen() {
  const card = document.activeElement?.closest(OPEN_CARDS);
  if (card) return card;
  const all = cards();
  return all.length === 1 ? all[0] : null;
}

function step(by) {
  const all = cards();
  const at = all.indexOf(chosen());
  const next = all[at === -1 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)];
  next?.focus();
}

/** Press the first of these rulings that the card offers. */
function rule(...rulings) {
  const buttons = rulings.map((ruling) => chosen()?.querySelector(`button[name="ruling"][value="${ruling}"]`));
  buttons.find((button) => button)?.click();
}

const many = () => document.getElementById("many");

function toggleTick() {
  const tick = chosen()?.querySelector("[data-tick]");
  tick?.click();
}

function openArticle() {
  const link = chosen()?.querySelector("[data-open]");
  if (link) window.open(link.href, "_blank", "noopener");
}

function toggleKeys() {
  const keys = document.getElementById("keys");
  if (keys === null) return;
  keys.open = !keys.open;
  keys.querySelector("summary").focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => rule("approve", "keep"),
  r: () => chosen()?.querySelector("select[name='reason']")?.focus(),
  s: () => rule("spam"),
  e: () => rule("keep", "keep_old_text"),
  x: toggleTick,
  A: () => many()?.querySelector("button[value='approve']").click(),
  R: () => many()?.querySelector("select[name='reason']").focus(),
  u: () => document.querySelector("[data-undo]")?.click(),
  o: openArticle,
  "?": toggleKeys,
};

/** In a list of reasons a digit chooses one and rejects; where a note is needed it leads there. */
function reject(select, key) {
  const option = [...select.options].find((one) => one.text.startsWith(`${key} `));
  if (!option) return false;
  select.value = option.value;
  if (option.value === "other") {
    const note = select.form.querySelector("textarea[name='note']");
    note.closest("details").open = true;
    note.focus();
  } else {
    select.form.querySelector("button[name='ruling'][value='reject']").click();
  }
  return true;
}

function isTyping(element) {
  return element.matches("textarea, select, input:not([type='checkbox']), [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const { key, target } = event;
  if (key === "Escape" && isTyping(target)) {
    target.closest("[data-card]")?.focus();
  } else if (target.matches("select[name='reason']") && /^[1-9]$/.test(key)) {
    if (reject(target, key)) event.preventDefault();
  } else if (!isTyping(target) && Object.hasOwn(KEYS, key)) {
    event.preventDefault();
    KEYS[key]();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick]")) {
    event.target.closest("[data-card]").classList.toggle("ticked", event.target.checked);
  }
});
