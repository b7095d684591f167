/** How many comments there are, wherever the page says so: in the words of the page as it is by now. */
import { pageOrNull } from "skycrumbs/fragments.js";

/**
 * Parts marked `data-count="name"` are taken from the page at this very address, and from those whose comments were
 * added below it; they stay where nothing answers.
 */
export async function showCounts(page) {
  const added = [...page.querySelectorAll("[data-part]")].map((thread) => thread.dataset.part);
  const now = await Promise.all([...added, location.pathname + location.search].map(pageOrNull));
  for (const count of now.flatMap((one) => [...(one?.querySelectorAll("[data-count]") ?? [])])) {
    page.querySelector(`[data-count="${CSS.escape(count.dataset.count)}"]`)?.replaceChildren(...count.childNodes);
  }
}
