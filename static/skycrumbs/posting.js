/** Forms sent without leaving the page. Whatever goes wrong, what was typed stays in its form. */
import { forget, keepDraft } from "skycrumbs/drafts.js";
import { fetchPage, fragment } from "skycrumbs/fragments.js";

const CREATED = 201;

/** Every field of a form, with the button that sent it. */
function fieldsOf(form, button) {
  return new URLSearchParams(new FormData(form, button));
}

/**
 * Send fields as a form does.
 * @returns {Promise<{isStored: boolean, part: Element | null}>} `part`: the comment as it stands, or the page that
 *   says what is still to do. Throws TypeError when nothing answers.
 */
export async function send(url, fields) {
  // A script asks: a redirect would load the whole page behind it.
  fields.set("then", "comment");
  const { response, page } = await fetchPage(url, { method: "POST", body: fields });
  if (response.status !== CREATED) return { isStored: false, part: fragment(page, "page") };
  const made = await fetchPage(response.headers.get("Location"));
  return { isStored: true, part: fragment(made.page, "comment") ?? fragment(made.page, "page") };
}

function sayOffline(form, isOffline) {
  const line = form.querySelector("[data-offline]");
  if (line) line.hidden = !isOffline;
}

async function sendForm(form, button, show) {
  const buttons = [...form.querySelectorAll("button")];
  const fields = fieldsOf(form, button);
  // A second press while the first is on its way sends nothing.
  for (const one of buttons) one.disabled = true;
  try {
    const answer = await send(form.action, fields);
    if (answer.isStored) forget(form);
    sayOffline(form, false);
    show(answer, form);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    sayOffline(form, true);
  } finally {
    for (const one of buttons) one.disabled = false;
  }
}

/** Sends the forms for comments inside `root` by script, and keeps their drafts; `show` is told what came back. */
export function takeOver(root, show) {
  for (const form of root.querySelectorAll("form.compose")) {
    keepDraft(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendForm(form, event.submitter, show);
    });
  }
}
