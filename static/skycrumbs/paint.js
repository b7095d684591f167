/**
 * The arithmetic of overlapping passages. Pure: no DOM. Offsets count code points of the canonical text, half-open.
 */

/** Spans in order of their start, without those that cover nothing. */
const inOrder = (spans) => spans.filter((span) => span.end > span.start).sort((a, b) => a.start - b.start);

/** Every place where a span begins or ends, ascending, once. */
const borders = (spans) =>
  [...new Set(spans.flatMap((span) => [span.start, span.end]))].sort((a, b) => a - b);

const piece = (start, end, open) => {
  const ids = [...new Set(open.flatMap((span) => span.ids))];
  return { start, end, depth: ids.length, ids };
};

/**
 * Cuts spans that may overlap into pieces that do not.
 * @param {{start: number, end: number, ids: string[]}[]} spans
 * @returns {{start: number, end: number, depth: number, ids: string[]}[]} in order; depth counts the ids on a piece.
 */
export function pieces(spans) {
  const waiting = inOrder(spans);
  const cuts = borders(waiting);
  const found = [];
  let open = [];
  let next = 0;
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    open = open.filter((span) => span.end > cuts[i]);
    while (next < waiting.length && waiting[next].start === cuts[i]) open.push(waiting[next++]);
    if (open.length > 0) found.push(piece(cuts[i], cuts[i + 1], open));
  }
  return found;
}

/** The span that a comment is on, or null. */
export function spanOf(spans, id) {
  return spans.find((span) => span.ids.includes(id)) ?? null;
}
