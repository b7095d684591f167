/** What is the reader's own on an article: its passages painted apart, its cards in the margin, its votes pressed. */
import { Margin } from "skycrumbs/margin.js";
import { fetchOwn } from "skycrumbs/own.js";
import { controlBeside } from "skycrumbs/passages.js";
import { readSent, writeSent } from "skycrumbs/sent.js";
import { showVoted } from "skycrumbs/votes.js";

const patternOf = (page, id) => page.querySelector(`#${id}`).content.cloneNode(true).firstElementChild;

const isOn = (comment, key) => comment.querySelector("a.when")?.pathname === `/comments/${key}/`;

/** Nobody votes for their own words: how many others did stays. */
function countVotes(page, form) {
  const votes = form.querySelector(".votes");
  const line = form.closest("li");
  if (votes === null) return line.remove();
  const count = patternOf(page, "own_votes");
  count.querySelector("[data-votes]").replaceChildren(...votes.childNodes);
  return line.replaceWith(count);
}

/** The reader's own comments are theirs to edit and withdraw, on the page of each, and not to vote for or report. */
function showOwn(page, acts, key) {
  const form = acts.querySelector("form.vote");
  if (form) countVotes(page, form);
  acts.querySelector('[href$="/flag/"]')?.closest("li").remove();
  // What was written just now came with links of its own.
  if (acts.querySelector('[href$="/withdraw/"], [data-own]')) return;
  const act = patternOf(page, "own_act");
  act.dataset.own = "";
  act.querySelector("a").href = `/comments/${key}/`;
  acts.append(act);
}

/** The sign beside a block that the reader alone wrote on leads to that too. */
function sayThatMoreIsThere(range, root) {
  const sign = controlBeside(range, root);
  if (sign.matches(".on-block")) sign.setAttribute("aria-labelledby", "said_label");
}

export class Mine {
  #page;
  #root;
  #sent;
  #highlights = null;
  #margin = null;
  // As the server told it last.
  #told = { voted: null, own: [] };

  constructor(page, root) {
    this.#page = page;
    this.#root = root;
    this.#sent = readSent(root);
  }

  /** Begins to paint: beside what everybody sees, which is in the margin at once. */
  async show(highlights) {
    this.#highlights = highlights;
    this.#margin = new Margin(this.#page);
    this.#margin.fill(highlights);
    await this.refresh();
  }

  /** Asks anew what is the reader's own; all stays as it is where nothing answers. */
  async refresh() {
    const own = await fetchOwn(this.#root.dataset.own);
    if (own === null) return;
    this.#told = own;
    this.dress(this.#page);
    const waits = own.own.some((mark) => mark.state.startsWith("held"));
    this.#page.querySelector("#own_waiting")?.toggleAttribute("hidden", !waits);
    const isHere = own.revision === Number(this.#root.dataset.revision);
    this.#paint(isHere ? own.own.filter((mark) => mark.start !== null) : []);
    this.#root.dataset.isStale = !isHere;
  }

  /** Shows on the comments in `root`, which are those that everybody sees, which the reader wrote and voted for. */
  dress(root) {
    showVoted(root, this.#told.voted);
    for (const comment of root.querySelectorAll("article.comment")) {
      const own = this.#told.own.find(({ key }) => isOn(comment, key));
      const acts = own && comment.querySelector(".acts");
      if (acts) showOwn(this.#page, acts, own.key);
    }
  }

  /** Of what stands on these passages, the reader's own that nobody else is shown: private notes, and what waits. */
  unseen(spans) {
    const keys = new Set(this.#told.own.filter((mark) => !mark.is_public).map(({ key }) => key));
    const theirs = spans.map(({ start, end, ids }) => ({ start, end, ids: ids.filter((key) => keys.has(key)) }));
    return theirs.filter(({ ids }) => ids.length > 0);
  }

  /** Has what was just stored painted at once, by the fields that were sent. */
  async add({ revision, start, end }) {
    if (start && revision === this.#root.dataset.revision) {
      this.#sent.push({ start: Number(start), end: Number(end), ids: [] });
    }
    await this.refresh();
  }

  #paint(marks) {
    // They come newest first, and are listed in the order they were written.
    const spans = marks.toReversed().map(({ key, start, end }) => ({ start, end, ids: [key] }));
    const isTold = (one) => spans.some(({ start, end }) => start === one.start && end === one.end);
    this.#sent = this.#sent.filter((one) => !isTold(one));
    writeSent(this.#root, this.#sent);
    this.#highlights?.paintOwn([...spans, ...this.#sent]);
    for (const span of this.#highlights ? spans : []) sayThatMoreIsThere(this.#highlights.range(span), this.#root);
    this.#margin?.fill(this.#highlights, marks);
  }
}
