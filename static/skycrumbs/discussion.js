/** The comments below the text: another order, and more of them, without leaving the page. */
import { fragment, pageOrNull } from "skycrumbs/fragments.js";

const PART = '[data-fragment="threads"]';

/** The part of the discussion behind an address, or null where it cannot be had: then the link itself is followed. */
async function fetchPart(url) {
  const page = await pageOrNull(url);
  return page && fragment(page, "threads");
}

async function sortBy(page, link) {
  const part = await fetchPart(link.href);
  if (part === null) return location.assign(link.href);
  page.querySelector(PART).replaceWith(part);
  history.replaceState(null, "", link.href);
  return part.querySelector("[aria-current]").focus();
}

/** What was just written stands at the end of the list: it goes where the list has it, once that is there. */
function removeDoubles(page, comments) {
  for (const { id } of comments.querySelectorAll("article.comment")) {
    const thread = page.getElementById(id)?.closest(".thread");
    page.getElementById(id)?.remove();
    if (thread?.childElementCount === 0) thread.remove();
  }
}

/** More comments stand below those that are there; the keyboard goes to the first of them. */
async function addMore(page, link) {
  const part = await fetchPart(link.href);
  if (part === null) return location.assign(link.href);
  // Another order was chosen meanwhile.
  if (!link.isConnected) return undefined;
  const comments = part.querySelector("[data-list]");
  const first = comments.querySelector("article.comment");
  removeDoubles(page, comments);
  // Where their numbers are told. (counts.js)
  if (comments.firstElementChild) comments.firstElementChild.dataset.part = link.href;
  page.querySelector(`${PART} [data-list]`).append(...comments.childNodes);
  const more = part.querySelector(".more");
  if (more) link.closest(".more").replaceWith(more);
  else link.closest(".more").remove();
  return first?.focus();
}

export function startDiscussion(page, changed) {
  page.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("a[data-sort], a[data-more]");
    if (link === null) return;
    event.preventDefault();
    // A second press while the first is on its way.
    if (link.ariaBusy === "true") return;
    link.ariaBusy = "true";
    await ("sort" in link.dataset ? sortBy : addMore)(page, link);
    link.ariaBusy = null;
    changed();
  });
}
