// Anchors by dom-anchor-text-quote: a line of JSON in for each pair of texts, a line of JSON out with their places.
// Offsets here count UTF-16 code units, as the package does.
import quote from "dom-anchor-text-quote";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin })) {
  const { old, now, spans } = JSON.parse(line);
  // The package reads nothing of an element but its text.
  const [before, after] = [{ textContent: old }, { textContent: now }];
  const places = spans.map(([start, end]) => {
    const found = quote.toTextPosition(after, quote.fromTextPosition(before, { start, end }), { hint: start });
    return found && [found.start, found.end];
  });
  console.log(JSON.stringify(places));
}
