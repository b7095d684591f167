/** Rulings in the queue are sent in the background: the next card has the focus at once, and nothing typed is lost. */

const CARD = "[data-card]";

// One after another: the answer to each shows the queue as that one left it.
let sending = Promise.resolve();

const say = (words) => {
  const status = document.querySelector("[data-status]");
  if (status) status.textContent = words;
};

/** The answer as a document; null if none came. */
function post(url, data) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "document";
    request.onload = () => resolve({ status: request.status, page: request.response });
    request.onerror = () => resolve({ status: 0, page: null });
    request.send(new URLSearchParams(data));
  });
}

/** Mark the card as on its way, and go to the next one, or to the one before. */
function leave(card) {
  const open = [...document.querySelectorAll(`${CARD}:not([aria-busy='true'])`)];
  const at = open.indexOf(card);
  card.setAttribute("aria-busy", "true");
  (open[at + 1] ?? open[at - 1])?.focus();
}

function comeBack(card) {
  card.removeAttribute("aria-busy");
  card.focus();
}

const swap = (selector, page) => {
  const [old, fresh] = [document.querySelector(selector), page.querySelector(selector)];
  if (old && fresh) old.replaceWith(document.adoptNode(fresh));
};

/** The card is done: take it away, and bring in what waits behind the others now. */
function take(card, page) {
  const hadFocus = card.contains(document.activeElement);
  card.remove();
  say(page.querySelector(".messagelist")?.textContent.trim() ?? "");
  swap("#own", page);
  const list = document.querySelector("[data-cards]");
  for (const fresh of page.querySelectorAll(CARD)) {
    if (!document.getElementById(fresh.id)) list.insertBefore(document.adoptNode(fresh), list.querySelector(".paging"));
  }
  swap(".paging", page);
  const next = list.querySelector(CARD);
  if (next === null) window.location.reload();
  else if (hadFocus || document.activeElement === document.body) next.focus();
}

/** The ruling was refused: show the card as it is now, with what happened since and what was typed. */
function show(card, page, fresh) {
  const since = page.querySelector(".since");
  if (since) card.before(document.adoptNode(since));
  card.replaceWith(document.adoptNode(fresh));
  fresh.focus();
  say(fresh.querySelector(".errornote")?.textContent.trim() ?? "");
}

async function send(form, data, card) {
  const { status, page } = await post(form.action, data);
  const fresh = page?.getElementById(card.id);
  if (status === 200 && page?.querySelector("[data-cards]")) take(card, page);
  else if (fresh) show(card, page, fresh);
  else {
    comeBack(card);
    say(document.querySelector("[data-status]").dataset.failed);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  // Only from the queue: a comment's own page follows its redirect.
  if (!form.matches("form[data-ruling]") || !form.elements.back || !document.getElementById("own")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  // Asks for the queue as it is then, in place of the way to it.
  data.set("at_once", "1");
  const card = form.closest(CARD);
  leave(card);
  sending = sending.then(() => send(form, data, card));
});
