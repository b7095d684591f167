/** Votes without leaving the page: the button of the comment's own page takes the place of the one that was pressed. */
import { fetchPage, fragment } from "skycrumbs/fragments.js";

const FORM = "form.vote";

/** Shows which comments the reader voted for, by key: pages are the same for everybody and cannot know. */
export function showVoted(page, keys) {
  const paths = new Set(keys.map((key) => `/comments/${key}/vote/`));
  for (const form of page.querySelectorAll(FORM)) {
    if (!paths.has(new URL(form.action).pathname)) continue;
    form.elements.namedItem("do").value = "back";
    form.querySelector("button").setAttribute("aria-pressed", "true");
  }
}

async function send(form) {
  const { response, page } = await fetchPage(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  const voted = fragment(page, "comment")?.querySelector(FORM);
  // Signed out, or refused: the page that was led to says what to do.
  if (!voted) return location.assign(response.redirected ? response.url : form.action.replace(/vote\/$/, ""));
  form.replaceWith(voted);
  return voted.querySelector("button").focus();
}

export function startVotes(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target.closest(FORM);
    if (form === null) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    send(form).catch(() => {
      button.disabled = false;
    });
  });
}
