/**
 * How long ago a comment was written, in the page's language, as long as that tells more than its date. Pages are the
 * same for everybody at any time, and name the date.
 */

const MINUTE = 60_000; // milliseconds
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OLDEST = 7 * DAY;
const UNITS = [["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", Infinity]];

/**
 * An age in whole units, as Intl.RelativeTimeFormat takes it. A clock that is ahead makes it "now".
 * @returns {{value: number, unit: string} | null} null: the date says more
 */
export function age(milliseconds) {
  if (milliseconds >= OLDEST) return null;
  const [unit, length] = UNITS.find(([, one]) => milliseconds >= one) ?? UNITS.at(-1);
  return { value: -Math.floor(Math.max(0, milliseconds) / length), unit };
}

/** Shows ages in the place of the dates of comments, and each date with its time where the pointer rests. */
export function startAges(page) {
  const { lang } = page.documentElement;
  // Only "now" is a word: "yesterday" would go by the calendar, and these are whole days.
  const [exact, now] = ["always", "auto"].map((numeric) => new Intl.RelativeTimeFormat(lang, { numeric }));
  const dates = new Intl.DateTimeFormat(lang, { dateStyle: "long", timeStyle: "short" });
  const tell = (time) => {
    const written = Date.parse(time.dateTime);
    const found = age(Date.now() - written);
    if (found === null) return;
    (time.closest("a") ?? time).title = dates.format(written);
    time.textContent = (found.unit === "second" ? now : exact).format(found.value, found.unit);
  };
  const tellAll = (root) => root.querySelectorAll(".when time").forEach(tell);
  const tellWhereSeen = () => page.hidden || tellAll(page);
  tellAll(page);
  const added = (changes) => changes.flatMap((change) => [...change.addedNodes]);
  const watch = new MutationObserver((changes) => {
    for (const node of added(changes)) if (node.nodeType === Node.ELEMENT_NODE) tellAll(node);
  });
  watch.observe(page.querySelector("main"), { childList: true, subtree: true });
  page.addEventListener("visibilitychange", tellWhereSeen);
  setInterval(tellWhereSeen, MINUTE);
}
