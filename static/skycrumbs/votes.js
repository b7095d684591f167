/** Votes without leaving the page: the button of the comment's own page takes the place of the one that was pressed. */
import { send } from "skycrumbs/posting.js";

const FORM = "form.vote";

// Who has no account is led to the sign-in by the form itself.
let hasVote = false;

/** Shows which comments the reader voted for, by key: pages are the same for everybody and cannot know. */
export function showVoted(page, keys) {
  hasVote = keys !== null;
  if (!hasVote) return;
  const paths = new Set(keys.map((key) => `/comments/${key}/vote/`));
  for (const form of page.querySelectorAll(FORM)) {
    if (!paths.has(new URL(form.action).pathname)) continue;
    form.elements.namedItem("do").value = "back";
    form.querySelector("button").setAttribute("aria-pressed", "true");
  }
}

async function press(form) {
  const { isStored, part } = await send(form.action, new URLSearchParams(new FormData(form)));
  const voted = isStored && part?.querySelector(FORM);
  // Signed out meanwhile, or refused: the form itself leads to the page that says so.
  if (!voted) return form.submit();
  form.replaceWith(voted);
  return voted.querySelector("button").focus();
}

/** The line that says that nothing answered, once on the page. */
function failed(page) {
  const line = page.querySelector('#panel template[data-word="failed"]').content.cloneNode(true).firstElementChild;
  line.id = "vote_failed";
  return line;
}

export function startVotes(page) {
  page.addEventListener("submit", (event) => {
    const form = event.target.closest(FORM);
    if (form === null || !hasVote) return;
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.disabled) return;
    button.disabled = true;
    page.querySelector("#vote_failed")?.remove();
    press(form).catch((error) => {
      button.disabled = false;
      if (!(error instanceof TypeError)) throw error;
      form.after(failed(page));
    });
  });
}
