/** Who is signed in: the name in the header, and what is left when they sign out. */

import { forgetAll } from "skycrumbs/kept.js";
import { fetchOwn } from "skycrumbs/own.js";
import { forgetSent } from "skycrumbs/sent.js";

/** Shows the name of whoever is signed in, once it is there. */
export async function showName(page) {
  const link = page.querySelector("[data-account]");
  if (link === null) return;
  const name = (await fetchOwn(link.dataset.account))?.name;
  if (name) link.textContent = name;
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
