/** Marks the section being read in the list of contents. */

const UPPER_THIRD = "0px 0px -67% 0px"; // of the window

const keyOf = (link) => decodeURIComponent(link.hash.slice(1));

function mark(links, current) {
  for (const link of links) {
    if (keyOf(link) === current) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** The last section whose text has come into the upper third of the window; none below the text. */
export function followReading(page) {
  const links = [...page.querySelectorAll(".contents a")];
  const seen = new Set();
  const notice = (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) seen.add(target.id);
      else seen.delete(target.id);
    }
    mark(links, links.map(keyOf).findLast((key) => seen.has(key)));
  };
  const watch = new IntersectionObserver(notice, { rootMargin: UPPER_THIRD });
  for (const section of page.querySelectorAll(".section")) watch.observe(section);
}
