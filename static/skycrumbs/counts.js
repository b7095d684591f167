/** How many comments there are, wherever the page says so: in the words of the page as it is by now. */
import { pageOrNull } from "skycrumbs/fragments.js";

/** Parts marked `data-count="name"` are taken from the page at this very address; they stay where nothing answers. */
export async function showCounts(page) {
  const now = await pageOrNull(location.pathname + location.search);
  for (const count of now?.querySelectorAll("[data-count]") ?? []) {
    page.querySelector(`[data-count="${CSS.escape(count.dataset.count)}"]`)?.replaceChildren(...count.childNodes);
  }
}
