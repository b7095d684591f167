/**
 * The page's comments once more in its margin, each level with its passage, where the screen is wide. For eyes and
 * pointer alone: keyboard and screen reader find the same comments below the text.
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

const wordsOf = (comment) => {
  const signs = [...(comment.querySelector(".words")?.textContent ?? "").trim()];
  return signs.length > MOST_WORDS ? `${signs.slice(0, MOST_WORDS).join("")}…` : signs.join("");
};

function cardOf(page, comment) {
  const card = page.querySelector("#margin_card").content.cloneNode(true).firstElementChild;
  card.href = `#${comment.id}`;
  card.dataset.passage = comment.id.replace("comment-", "");
  card.querySelector("[data-name]").textContent = comment.querySelector(".who b").textContent;
  card.querySelector("[data-words]").textContent = wordsOf(comment);
  return card;
}

/** The cards of what stands on the passages of `highlights`, in the order of the text. */
function cardsOf(page, highlights) {
  const comments = [...page.querySelectorAll(".talk article.comment:not(.tombstone)")];
  return comments
    .map((comment) => ({ comment, span: highlights.of(comment.id.replace("comment-", "")) }))
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

  /** Fills the margin anew with the comments that are on the page now. */
  fill(highlights) {
    this.#cards = cardsOf(this.#page, highlights);
    this.#column.replaceChildren(...this.#cards.map(({ card }) => card));
    settle(this.#column, this.#cards);
  }
}
