/** What is the reader's own on an article: its passages painted apart, its cards in the margin, its votes pressed. */
import { Margin } from "skycrumbs/margin.js";
import { fetchOwn } from "skycrumbs/own.js";
import { controlBeside } from "skycrumbs/passages.js";
import { readSent, writeSent } from "skycrumbs/sent.js";
import { showVoted } from "skycrumbs/votes.js";

/** Leads from the reader's own among the comments to the page of each, where it can be edited and withdrawn. */
function showOwn(page, keys) {
  for (const key of keys) {
    const acts = page.querySelector(`#comment-${CSS.escape(key)} .acts`);
    // What was written just now came with links of its own.
    if (!acts || acts.querySelector('[href$="/withdraw/"], [data-own]')) continue;
    const act = page.querySelector("#own_act").content.cloneNode(true).firstElementChild;
    act.dataset.own = "";
    act.querySelector("a").href = `/comments/${key}/`;
    acts.append(act);
  }
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
    showVoted(this.#page, own.voted);
    showOwn(this.#page, own.own.map(({ key }) => key));
    const waits = own.own.some((mark) => mark.state.startsWith("held"));
    this.#page.querySelector("#own_waiting")?.toggleAttribute("hidden", !waits);
    const isHere = own.revision === Number(this.#root.dataset.revision);
    this.#paint(isHere ? own.own.filter((mark) => mark.start !== null) : []);
    this.#root.dataset.isStale = !isHere;
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
