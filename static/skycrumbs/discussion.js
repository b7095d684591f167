/** The comments below the text: another order, and more of them, without leaving the page. */
import { fetchPage, fragment } from "skycrumbs/fragments.js";

const PART = '[data-fragment="threads"]';

/** The part of the discussion behind an address, or null where it cannot be had: then the link itself is followed. */
async function fetchPart(url) {
  try {
    return fragment((await fetchPage(url)).page, "threads");
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function sortBy(page, link) {
  const part = await fetchPart(link.href);
  if (part === null) return location.assign(link.href);
  page.querySelector(PART).replaceWith(part);
  history.replaceState(null, "", link.href);
  return part.querySelector("[aria-current]").focus();
}

/** More comments stand below those that are there; the keyboard goes to the first of them. */
async function addMore(page, link) {
  const part = await fetchPart(link.href);
  if (part === null) return location.assign(link.href);
  const comments = part.querySelector("[data-list]");
  const first = comments.querySelector("article.comment");
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
    link.setAttribute("aria-busy", "true");
    await ("sort" in link.dataset ? sortBy : addMore)(page, link);
    changed();
  });
}
