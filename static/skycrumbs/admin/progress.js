/** Keeps the progress of publishing up to date, and goes on to the article once it is done: that page says how. */

import { parse } from "skycrumbs/fragments.js";

const EVERY_MS = 2000;

// The button that stops it was pressed: the answer to that says how it ended, and comes by itself.
let isLeaving = false;
document.addEventListener("submit", () => {
  isLeaving = true;
});

async function look() {
  if (isLeaving) return;
  const response = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "manual" });
  if (isLeaving) return;
  const shown = document.querySelector("[data-progress]");
  if (response.type === "opaqueredirect") {
    location.assign(shown.dataset.then);
    return;
  }
  const fresh = parse(await response.text()).querySelector("[data-progress]");
  if (!fresh || shown.textContent === fresh.textContent) return;
  // Then it cannot be stopped any more.
  if ("swapped" in fresh.dataset) location.reload();
  else shown.replaceChildren(...document.adoptNode(fresh).childNodes);
}

function lookAgain() {
  // What does not answer is asked again; the link on the page stays.
  setTimeout(() => look().catch(() => {}).finally(lookAgain), EVERY_MS);
}

lookAgain();
