/**
 * The page's comments once more in its margin, and the reader's own that are further down, each level with its passage,
 * where the screen is wide. For eyes and pointer alone: keyboard and screen reader find them below the text, and the
 * reader's own on the page that lists those.
 */

const GAP = 12; // pixels between two cards
const MOST_WORDS = 140; // code points

/** Each card as near to its passage as those above it leave room. */
function settle(column, cards) {
  const origin = column.getBoundingClientRect().top;
  const tops = cards.map(({ range }) => range.getBoundingClientRect().top - origin);
  const heights = cards.map(({ card }) => card.offsetHeight);
  let free = 0;
  cards.forEach(({ card }, at) => {
    const top = Math.max(free, tops[at]);
    card.style.top = `${top}px`;
    free = top + heights[at] + GAP;
  });
}

const shortened = (words) => {
  const signs = [...words.trim()];
  return signs.length > MOST_WORDS ? `${signs.slice(0, MOST_WORDS).join("")}…` : signs.join("");
};

const told = (comment) => ({
  key: comment.id.replace("comment-", ""),
  name: comment.querySelector(".who b").textContent,
  words: comment.querySelector(".words")?.textContent ?? "",
});

function cardOf(page, { key, name, words, visibility }) {
  const card = page.querySelector("#margin_card").content.cloneNode(true).firstElementChild;
  card.href = `#comment-${key}`;
  card.dataset.passage = key;
  card.querySelector("[data-name]").textContent = name;
  card.querySelector("[data-private]").hidden = visibility !== "private";
  card.querySelector("[data-words]").textContent = shortened(words);
  return card;
}

/** The cards of what stands on the passages of `highlights`, in the order of the text. */
function cardsOf(page, highlights, own) {
  const comments = [...page.querySelectorAll(".talk article.comment:not(.tombstone)")].map(told);
  const further = own.filter(({ key, words }) => words && !page.getElementById(`comment-${key}`));
  return [...comments, ...further]
    .map((comment) => ({ comment, span: highlights.of(comment.key) }))
    .filter(({ span }) => span !== null)
    .sort((one, other) => one.span.start - other.span.start)
    .map(({ comment, span }) => ({ card: cardOf(page, comment), range: highlights.range(span) }));
}

export class Margin {
  #page;
  #column;
  #cards = [];

  constructor(page) {
    this.#page = page;
    this.#column = page.querySelector("#margin");
    new ResizeObserver(() => settle(this.#column, this.#cards)).observe(this.#column.parentElement);
  }

  /** Fills the margin anew with the comments that are on the page now, and the reader's own that are not. */
  fill(highlights, own = []) {
    this.#cards = cardsOf(this.#page, highlights, own);
    this.#column.replaceChildren(...this.#cards.map(({ card }) => card));
    settle(this.#column, this.#cards);
  }
}
