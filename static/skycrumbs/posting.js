/** Forms sent without leaving the page. Whatever goes wrong, what was typed stays in its form. */
import { forgetStored, keepDraft } from "skycrumbs/drafts.js";
import { fetchPage, fragment, pageOrNull } from "skycrumbs/fragments.js";

const CREATED = 201;
// Where the keyboard goes in what a form was answered with: to the first of these that is there.
export const AFTER_ANSWER = ['[aria-invalid="true"]', ".guest input", '[name="do"][value="post"]', "a"];

/** Every field of a form, with the button that sent it. */
function fieldsOf(form, button) {
  return new URLSearchParams(new FormData(form, button));
}

/**
 * Send fields as a form does. Throws TypeError when nothing answers.
 * @param {"comment" | "place"} then what the answer is to name: the comment's own page, or the place where it is read
 * @returns {Promise<{isStored: boolean, url: string | null, part: Element | null}>} `url`: what was asked for, of
 *   what was stored; `part`: else the page that says what is still to do
 */
async function post(url, fields, then) {
  // A script asks: a redirect would load the whole page behind it.
  fields.set("then", then);
  const { response, page } = await fetchPage(url, { method: "POST", body: fields });
  if (response.status !== CREATED) return { isStored: false, url: null, part: fragment(page, "page") };
  return { isStored: true, url: response.headers.get("Location"), part: null };
}

/** What was stored, as it stands; null where it cannot be had, which takes nothing from its being stored. */
async function fetchStored(url) {
  const page = await pageOrNull(url);
  return page && (fragment(page, "comment") ?? fragment(page, "page"));
}

/** Send fields as a form does; `part` is the comment as it stands, where it was stored and can be had. */
export async function send(url, fields) {
  const answer = await post(url, fields, "comment");
  return answer.isStored ? { ...answer, part: await fetchStored(answer.url) } : answer;
}

function sayOffline(form, isOffline) {
  const line = form.querySelector("[data-offline]");
  if (line) line.hidden = !isOffline;
}

/** Says above the form why it was not taken, in place of what was said there before. */
function sayRefused(form, refusal) {
  form.parentElement.querySelector(":scope > [data-refusal]")?.remove();
  if (refusal === null) return;
  refusal.dataset.refusal = "";
  refusal.setAttribute("role", "alert");
  form.before(refusal);
  refusal.scrollIntoView({ block: "nearest" });
}

/** While a form is on its way a second press sends nothing, and nothing is typed that would be lost with what was sent. */
function setBusy(form, isBusy) {
  for (const button of form.querySelectorAll("button")) button.disabled = isBusy;
  for (const area of form.querySelectorAll("textarea")) area.readOnly = isBusy;
}

async function sendForm(form, button, sendFields, show) {
  const fields = fieldsOf(form, button);
  setBusy(form, true);
  try {
    const answer = await sendFields(form.action, fields);
    const { isStored, part } = answer;
    if (isStored) forgetStored(form);
    // What was typed may stand nowhere else: it stays where the answer has no form that holds it.
    const isKept = !isStored && !part?.querySelector("form.compose");
    sayOffline(form, isKept && part === null);
    sayRefused(form, isKept ? part : null);
    if (!isKept) show(answer, form);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    sayOffline(form, true);
  } finally {
    setBusy(form, false);
  }
}

/** Sends the forms for comments inside `root` by script, and keeps their drafts; `show` is told what came back. */
export function takeOver(root, show, sendFields = send) {
  for (const form of root.querySelectorAll("form.compose")) {
    keepDraft(form);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      sendForm(form, event.submitter, sendFields, show);
    });
  }
}

const sendToPlace = (url, fields) => post(url, fields, "place");

/** A page that is a form and nothing else: answered in place, and left for what was stored. */
export function startForm(page) {
  const place = page.querySelector('main > [data-fragment="page"]');
  if (place === null) return;
  const show = ({ isStored, url, part }, form) => {
    if (isStored) {
      // Whoever comes back here does not send it once more.
      form.reset();
      return location.assign(url);
    }
    place.replaceWith(part);
    startForm(page);
    const found = AFTER_ANSWER.map((one) => part.querySelector(one)).find((one) => one !== null);
    return found?.focus();
  };
  takeOver(place, show, sendToPlace);
}
