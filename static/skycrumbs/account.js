/** Who is signed in: the name in the header, and what is left when they sign out. */

import { forgetAll } from "skycrumbs/kept.js";
import { fetchOwn } from "skycrumbs/own.js";
import { forgetSent } from "skycrumbs/sent.js";

/** Leads to sign-in, and from an article back to it. */
function offerSignIn(link, isArticle) {
  link.textContent = link.dataset.signIn;
  link.href = link.dataset.signInUrl + (isArticle ? `?${new URLSearchParams({ next: location.pathname })}` : "");
}

/** Shows the name of whoever is signed in, once it is there; leads who is nobody to sign-in. */
export async function showName(page) {
  const link = page.querySelector("[data-account]");
  const own = link && (await fetchOwn(link.dataset.account));
  if (own?.name) link.textContent = own.name;
  else if (own && !own.is_guest) offerSignIn(link, page.querySelector("#article_text") !== null);
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
