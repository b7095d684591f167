import { forgetAll } from "skycrumbs/drafts.js";
import { forgetSent } from "skycrumbs/sent.js";

/** The reader's name in the header. Pages are the same for everyone; what is the reader's own comes in a call of its own. */

/** The name of whoever is signed in, or "" for nobody, and when the server cannot be asked. */
async function fetchName(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    const summary = answer.ok ? await answer.json() : {};
    return summary.name ?? "";
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return ""; // offline, or not JSON
    throw error;
  }
}

export async function showName(page) {
  const link = page.querySelector("[data-account]");
  if (link === null) return;
  const name = await fetchName(link.dataset.account);
  if (name !== "") link.textContent = name;
}

/** Signing out leaves nothing of the reader's in this browser. */
export function forgetOnSignOut(page) {
  const path = page.querySelector("[data-sign-out]")?.dataset.signOut;
  page.addEventListener("submit", ({ target }) => {
    // Not `target.action`: that is a field where a form has one of that name.
    if (new URL(target.getAttribute("action") ?? "", page.baseURI).pathname !== path) return;
    forgetAll();
    forgetSent();
  });
}
