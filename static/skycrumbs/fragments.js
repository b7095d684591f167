/**
 * Parts of the site's own pages, fetched. There is no second way to draw anything: a part is cut out of the page that
 * a reader without scripts would be led to, where the server marked it with `data-fragment`.
 */

// The one sink that takes text for HTML (Trusted Types); what it makes is a document that runs nothing.
const policy = globalThis.trustedTypes?.createPolicy("skycrumbs", { createHTML: (html) => html });

/** HTML of this site as a document of its own. */
export function parse(html) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
}

/** Whether an answer came from this site: a redirect could have led elsewhere. */
const isOurs = (response) => new URL(response.url).origin === location.origin;

/**
 * Ask for a page of this site.
 * @returns {Promise<{response: Response, page: Document}>} Throws TypeError when nothing answers or another site does.
 */
export async function fetchPage(url, options = {}) {
  const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin", ...options });
  if (!isOurs(response)) throw new TypeError(`${response.url} is not of this site`);
  return { response, page: parse(await response.text()) };
}

/** The page at an address of this site; null when nothing answers or another site does. */
export async function pageOrNull(url) {
  try {
    return (await fetchPage(url)).page;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** The part of a fetched page that is marked `data-fragment="name"`, made this document's own; null without one. */
export function fragment(page, name) {
  const found = page.querySelector(`[data-fragment="${name}"]`);
  return found && document.adoptNode(found);
}
