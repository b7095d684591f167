/**
 * Links that scroll to a passage in any browser that knows text fragments. Pure: no DOM.
 * (WICG URL Fragment Text Directives, section 3.3: `#:~:text=[prefix-,]start[,end][,-suffix]`)
 *
 * Browsers match whole words only, so whatever is named is cut where words begin and end. (Section 3.5.2, word bounded)
 */

const LONG = 120; // UTF-16 code units; a longer quote is named by its ends
const END_WORDS = 5;

// Made when it is needed: that takes time, and Firefox before 125 has none.
let segmenter;

/** A dash, a comma and an ampersand have a meaning of their own in a directive. */
const encode = (words) => encodeURIComponent(words.trim()).replaceAll("-", "%2D");

/** [start, end) of every word of a line, in UTF-16 code units. */
function wordsOf(line) {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "word" });
  const words = [...segmenter.segment(line)].filter((one) => one.isWordLike);
  return words.map(({ index, segment }) => ({ start: index, end: index + segment.length }));
}

const firstWords = (line) => line.slice(0, wordsOf(line)[END_WORDS - 1]?.end);
const lastWords = (line) => line.slice(wordsOf(line).at(-END_WORDS)?.start ?? 0);

/** Moves the border between two parts of a line out of the word it cuts: the word goes to the one that is chosen. */
function uncut(before, after) {
  const cut = wordsOf(before + after).find(({ start, end }) => start < before.length && before.length < end);
  return cut ?? { start: before.length, end: before.length };
}

/** Widens a passage to whole words: [what stands before, the passage, what stands after]. */
function widened({ exact, before, after }) {
  const lines = exact.split("\n");
  const { start } = uncut(before, lines[0]);
  const { end } = uncut(lines.at(-1), after);
  const taken = end - lines.at(-1).length;
  return [before.slice(0, start), before.slice(start) + exact + after.slice(0, taken), after.slice(taken)];
}

/** A directive is matched within a block: of several lines the first and the last are named. */
function directive(exact) {
  const lines = exact.split("\n").filter((line) => line.trim() !== "");
  const [first, last] = [lines[0], lines.at(-1)];
  // Ends that meet would ask for some of the words twice.
  const isShort = lines.length === 1 && (exact.length <= LONG || wordsOf(first).length <= 2 * END_WORDS);
  return isShort ? encode(first) : `${encode(firstWords(first))},${encode(lastWords(last))}`;
}

/**
 * @param {string} url without a fragment
 * @param {{exact: string, before: string, after: string}} passage its words, and the text right before and after it
 *   in its block, "" where there is none
 */
export function linkTo(url, passage) {
  const [before, exact, after] = widened(passage);
  const prefix = before.trim() === "" ? "" : `${encode(lastWords(before))}-,`;
  const suffix = after.trim() === "" ? "" : `,-${encode(firstWords(after))}`;
  return `${url}#:~:text=${prefix}${directive(exact)}${suffix}`;
}
