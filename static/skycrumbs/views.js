/** Comments that are on the page already, shown once more beside their passage; and new ones put among the others. */
import { fragment, pageOrNull } from "skycrumbs/fragments.js";

const commentOf = (page, key) => page.querySelector(`#comment-${CSS.escape(key)}`);

/** A comment without its place on the page: no id stands twice. */
function copyOf(comment) {
  const copy = comment.cloneNode(true);
  copy.removeAttribute("id");
  return copy;
}

/** The replies below a comment that begins a thread, folded; nothing where there are none. */
function repliesTo(comment) {
  const replies = comment.parentElement.querySelector(":scope > details.replies");
  if (replies === null || comment.parentElement.firstElementChild !== comment) return [];
  const copy = replies.cloneNode(true);
  copy.open = false;
  for (const one of copy.querySelectorAll("[id]")) one.removeAttribute("id");
  return [copy];
}

/** The comment from its own page, and the replies that stand there, in the place of `holder`. */
async function fetchInto(holder, key) {
  const page = await pageOrNull(`/comments/${key}/`);
  const found = page && fragment(page, "comment")?.querySelector("article");
  if (!found) return;
  const replies = page.querySelectorAll("main .below");
  for (const one of replies) {
    one.removeAttribute("aria-labelledby");
    for (const named of one.querySelectorAll("[id]")) named.removeAttribute("id");
  }
  holder.replaceWith(copyOf(found), ...replies);
}

/** What was said on a passage beside what is shown already, below that; nothing where it cannot be had. */
async function fetchOthers(comments, ids, dress) {
  const page = await pageOrNull(`/comments/${ids[0]}/beside/`);
  const part = page && fragment(page, "page");
  if (!part) return;
  const isNew = (comment) => !ids.includes(comment.id.replace("comment-", ""));
  const others = [...part.querySelectorAll("[data-list] > article")].filter(isNew);
  const more = (comment) => (comment.nextElementSibling?.matches("p") ? [comment.nextElementSibling] : []);
  comments.append(...others.flatMap((one) => [copyOf(one), ...more(one)]), ...part.querySelectorAll(".more"));
  dress(comments);
}

/** What was said on one passage, from the page's own pattern; `dress` is given what comes later. */
export function viewOf(page, span, range, composeUrl, dress) {
  const view = page.querySelector("#passage_view").content.cloneNode(true).firstElementChild;
  view.querySelector("[data-quote]").textContent = range.toString();
  const compose = view.querySelector("[data-compose]");
  if (compose) compose.href = composeUrl;
  const comments = view.querySelector("[data-comments]");
  for (const key of span.ids) {
    const here = commentOf(page, key);
    const shown = here ? [copyOf(here), ...repliesTo(here)] : [page.createElement("div")];
    comments.append(...shown);
    if (!here) fetchInto(shown[0], key);
  }
  if (span.hasMore) fetchOthers(comments, span.ids, dress);
  return view;
}

/** What leads on to the form for all of a block, or for the section that a heading begins. */
export function formLink(page, url) {
  const name = new URL(url, page.baseURI).searchParams.has("section") ? "section_form" : "block_form";
  const line = page.querySelector(`#${name}`).content.cloneNode(true).firstElementChild;
  line.querySelector("a").href = url;
  return line;
}

const DEEPEST_INDENT = 6; // as pages/rows.py has it

const indentOf = (comment) => Number(comment.className.match(/indent-(\d)/)[1]);

/** Below what it answers and what was answered there before, and further in than that. */
function insertReply(reply, parent) {
  const indent = indentOf(parent);
  reply.classList.replace("indent-0", `indent-${Math.min(indent + 1, DEEPEST_INDENT)}`);
  const thread = parent.closest(".thread");
  if (indent === 0) return (thread.querySelector("details.replies") ?? thread).append(reply);
  const isBelow = (comment) => comment?.matches(".comment") && indentOf(comment) > indent;
  let last = parent;
  while (isBelow(last.nextElementSibling)) last = last.nextElementSibling;
  return last.after(reply);
}

/** Where the order of the list has what is new; above the form where there is no list yet. */
function insertThread(page, thread, leave) {
  const list = page.querySelector(".talk [data-list]");
  if (list === null) return leave.before(thread);
  return page.querySelector('[data-sort="newest"][aria-current]') ? list.prepend(thread) : list.append(thread);
}

/**
 * Puts a comment that everybody reads among the others: below what it answers, else where the newest stand. A highlight
 * is only painted.
 * @returns {Element | null} the comment as it stands there now
 */
export function insertComment(page, part, parentKey) {
  const comment = part?.querySelector("article.comment[id]") ?? null;
  const leave = page.querySelector(".talk .leave");
  if (comment === null || leave === null) return null;
  const copy = comment.cloneNode(true);
  comment.removeAttribute("id");
  if (comment.querySelector(".notice") || comment.matches("[data-highlight]")) return null;
  const parent = parentKey && commentOf(page, parentKey);
  if (parent) {
    insertReply(copy, parent);
    return copy;
  }
  const thread = page.createElement("div");
  thread.className = "thread";
  thread.append(copy);
  insertThread(page, thread, leave);
  page.querySelector(".talk > .empty")?.remove();
  return copy;
}
