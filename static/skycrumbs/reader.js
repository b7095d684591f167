/** The article in the reader's hands: passages are chosen, commented on, marked, opened. */
import { Bar } from "skycrumbs/bar.js";
import { showCounts } from "skycrumbs/counts.js";
import { startDiscussion } from "skycrumbs/discussion.js";
import { fragment, pageOrNull } from "skycrumbs/fragments.js";
import { Highlights } from "skycrumbs/highlights.js";
import { copyLink } from "skycrumbs/links.js";
import { Mine } from "skycrumbs/mine.js";
import { Panel } from "skycrumbs/panel.js";
import { controlBeside, selected, watchSelection } from "skycrumbs/passages.js";
import { send, takeOver } from "skycrumbs/posting.js";
import { isAsServed, readCanonical, readSpans } from "skycrumbs/served.js";
import { formLink, insertComment, viewOf } from "skycrumbs/views.js";

// Passages of one block shown each by itself: what was said on more is one page, which is asked for at once.
const MOST_VIEWS = 5;

/** What a comment was written on, where the reader may say where that is: its page has a form for it; else null. */
async function fetchLost(key) {
  const page = await pageOrNull(`/comments/${key}/passage/`);
  return page && fragment(page, "place") && fragment(page, "then");
}

const isPlainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);

class Reader {
  #page;
  #root;
  #bar;
  #panel;
  #highlights = null;
  #mine;
  // The key of the comment that a passage is chosen for, null for a new one.
  #attached = null;

  constructor(page, root) {
    this.#page = page;
    this.#root = root;
    this.#mine = new Mine(page, root);
    const stored = (part, fields) => this.#onStored(part, fields);
    this.#panel = new Panel(page.querySelector("#panel"), stored, (root) => this.#mine.dress(root));
    page.addEventListener("click", (event) => this.#onClick(event));
    startDiscussion(page, () => this.#mine.refresh());
    takeOver(page.querySelector("main"), (answer, form) => this.#onAnsweredBelow(answer, form));
  }

  /** Paints the page's passages and lets others be chosen. */
  async start(canonical) {
    this.#highlights = new Highlights(canonical, this.#root, readSpans(this.#page));
    const bar = this.#page.querySelector("#passage_bar");
    const now = () => selected(canonical, this.#root);
    const leave = ({ range }) => controlBeside(range, this.#root).focus({ preventScroll: true });
    this.#bar = new Bar(bar, (act, passage) => this.#act(act, passage), now, leave);
    watchSelection(canonical, this.#root, (passage) => this.#onChosen(passage));
    window.addEventListener("hashchange", () => this.#followAddress());
    this.#followAddress();
    await this.#mine.show(this.#highlights);
  }

  #onChosen(passage) {
    // On a narrow screen the sheet would lie over the bar.
    if (passage && this.#attached) this.#panel.close();
    this.#bar.show(passage);
  }

  async #act(act, passage) {
    if (act === "attach") return location.assign(this.#attachUrl(passage));
    if (act === "link") return this.#bar.say((await this.#copy(passage)) ? "copied" : "not-copied");
    this.#bar.hide();
    // The button that was pressed is gone by the time the panel closes.
    this.#panel.returnTo(controlBeside(passage.range, this.#root));
    this.#panel.about(passage.range);
    // The form takes the selection away.
    this.#highlights.choose(passage);
    if (act !== "highlight") return this.#panel.open(this.#composeUrl(passage, act));
    const { compose, revision } = this.#root.dataset;
    const { start, end, exact } = passage;
    const fields = { kind: act, revision, start, end, exact, text: "", do: "post" };
    try {
      const answer = await send(compose, new URLSearchParams(fields));
      document.getSelection().collapseToEnd();
      this.#panel.showAnswer(answer);
      if (answer.isStored) await this.#onStored(null, fields);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#panel.say("failed");
    }
    return undefined;
  }

  #copy(passage) {
    return copyLink(passage, this.#page.querySelector("#passage_link"));
  }

  #composeUrl({ start, end }, kind) {
    const { compose, revision } = this.#root.dataset;
    return `${compose}?${new URLSearchParams({ kind, revision, start, end })}`;
  }

  #attachUrl({ start, end }) {
    const { revision } = this.#root.dataset;
    return `/comments/${this.#attached}/passage/?${new URLSearchParams({ revision, start, end })}#place_title`;
  }

  /** What was written below the text stands there; what is still to do before it is stored is done in the panel. */
  #onAnsweredBelow({ isStored, part }, form) {
    if (!isStored) {
      // The button that was pressed has lost the keyboard: it was disabled meanwhile.
      this.#panel.returnTo(form.querySelector("textarea"));
      return this.#panel.showAnswer({ isStored, part }, form);
    }
    form.reset();
    const comment = insertComment(this.#page, part);
    // A moderator reads it first, or it cannot be fetched.
    if (comment === null) form.before(part ?? this.#panel.line("stored"));
    else showCounts(this.#page);
    (comment ?? part?.querySelector("article"))?.focus();
    return this.#mine.refresh();
  }

  async #onStored(part, fields) {
    if (insertComment(this.#page, part, fields?.parent)) showCounts(this.#page);
    if (!fields) return;
    this.#highlights?.choose(null);
    await this.#mine.add(fields);
    if (this.#root.dataset.isStale === "true") this.#panel.add("stale");
  }

  #onClick(event) {
    if (!isPlainClick(event)) return;
    const opener = event.target.closest("a.on-block, a[data-panel]");
    const quote = event.target.closest("[data-passage]");
    if (opener) {
      event.preventDefault();
      if (!opener.closest(".panel")) this.#panel.about(opener.closest(".on-block")?.parentElement ?? opener.closest("article"));
      this.#openLink(opener);
    } else if (quote && this.#highlights?.of(quote.dataset.passage)) {
      event.preventDefault();
      this.#show(this.#highlights.of(quote.dataset.passage), quote.matches(".card"));
    } else if (this.#root.contains(event.target) && !event.target.closest("a")) {
      this.#openUnder(event);
    }
  }

  /** The sign beside a block leads to what was said there, with the form behind it; where nothing was, to the form. */
  #openLink(link) {
    const spans = link.matches(".on-block") ? (this.#highlights?.beside(link) ?? []) : [];
    const isMuch = spans.length > MOST_VIEWS && "form" in link.dataset;
    if (spans.length === 0 || isMuch) this.#panel.open(link.href);
    else this.#open(spans, formLink(this.#page, link.dataset.form ?? link.href));
  }

  /** The passages under the pointer, each with what was said on it; selecting keeps its meaning. */
  #openUnder(event) {
    if (!this.#highlights || !document.getSelection().isCollapsed) return;
    const spans = this.#highlights.under(event);
    if (spans.length > 0) this.#open(spans);
  }

  #open(spans, ...more) {
    const range = this.#highlights.range(spans[0]);
    this.#highlights.choose(spans[0]);
    this.#panel.returnTo(controlBeside(range, this.#root));
    this.#panel.about(range);
    const urlOf = (span) => this.#composeUrl(span, "comment");
    const dress = (root) => this.#mine.dress(root);
    const views = spans.map((span) => viewOf(this.#page, span, this.#highlights.range(span), urlOf(span), dress));
    this.#panel.show([...views, ...more]);
  }

  #show(span, isBeside) {
    if (isBeside) return this.#open([span]);
    this.#highlights.choose(span);
    return this.#highlights.bringIntoView(span);
  }

  async #offerToAttach(key) {
    const then = await fetchLost(key);
    if (then === null) return;
    this.#attached = key;
    this.#bar.isAttaching = true;
    // Where it stood, or may stand.
    const line = this.#root.querySelector(`.orphans a[href*="${CSS.escape(key)}"]`);
    const span = this.#highlights.of(key);
    if (span) this.#show(span);
    else line?.scrollIntoView({ block: "center" });
    this.#panel.about(span ? this.#highlights.range(span) : line);
    this.#panel.say("attach", then);
  }

  /** The comment named in the address has its passage lit, or is given the passage that is chosen next. */
  #followAddress() {
    const [, attached] = location.hash.match(/^#attach-([\w-]{22})$/) ?? [];
    if (attached) this.#offerToAttach(attached);
    const [, key] = location.hash.match(/^#comment-([\w-]{22})$/) ?? [];
    this.#highlights.choose(key ? this.#highlights.of(key) : null);
    // Further down than this page reaches: it is shown beside the text.
    if (key && !this.#page.getElementById(`comment-${key}`)) this.#panel.open(`/comments/${key}/`, "comment");
  }
}

export async function startReader(page) {
  const root = page.querySelector("#article_text");
  if (root === null || page.querySelector("#panel") === null) return;
  const reader = new Reader(page, root);
  const canonical = readCanonical(root);
  if (CSS.highlights && (await isAsServed(canonical, root))) await reader.start(canonical);
}
