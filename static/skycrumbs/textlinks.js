/**
 * Links that scroll to a passage in any browser that knows text fragments. Pure: no DOM.
 * (WICG URL Fragment Text Directives, section 3.3: `#:~:text=[prefix-,]start[,end][,-suffix]`)
 */

const LONG = 120; // code points; a longer quote is named by its ends
const END_WORDS = 5;

/** A dash, a comma and an ampersand have a meaning of their own in a directive. */
const encode = (words) => encodeURIComponent(words).replaceAll("-", "%2D");

/** A directive is matched within a block: of several lines the first and the last are named. */
const lines = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

const firstWords = (line) => line.split(" ").slice(0, END_WORDS).join(" ");
const lastWords = (line) => line.split(" ").slice(-END_WORDS).join(" ");

function directive(exact) {
  const all = lines(exact);
  if (all.length === 1 && [...exact].length <= LONG) return encode(all[0]);
  return `${encode(firstWords(all[0]))},${encode(lastWords(all.at(-1)))}`;
}

/**
 * @param {string} url without a fragment
 * @param {{exact: string, before: string, after: string}} passage its words, and the words right before and after it
 *   in its block, "" where there are none
 */
export function linkTo(url, { exact, before, after }) {
  const prefix = before.trim() === "" ? "" : `${encode(lastWords(before.trim()))}-,`;
  const suffix = after.trim() === "" ? "" : `,-${encode(firstWords(after.trim()))}`;
  return `${url}#:~:text=${prefix}${directive(exact)}${suffix}`;
}
