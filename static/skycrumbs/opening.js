/** What was said is opened beside the text: from the sign of a block, from the words themselves, from a quotation. */
import { composeUrl } from "skycrumbs/links.js";
import { controlBeside } from "skycrumbs/passages.js";
import { formLink, viewOf } from "skycrumbs/views.js";

// Passages of one block shown each by itself: what was said on more is one page, which is asked for at once.
const MOST_VIEWS = 5;

const isPlainClick = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);

export class Opening {
  #page;
  #root;
  #panel;
  #mine;
  #highlights = null;
  #take = null;

  constructor(page, root, panel, mine) {
    this.#page = page;
    this.#root = root;
    this.#panel = panel;
    this.#mine = mine;
    page.addEventListener("click", (event) => this.#onClick(event));
  }

  /** From now on passages are painted, and open where they stand. */
  start(highlights) {
    this.#highlights = highlights;
  }

  /** From now on the sign of a block selects all of it, for `take` to do something with that. */
  takeBlocks(take) {
    this.#take = take;
  }

  /** Lights a passage up and brings it in sight, or opens what was said on it. */
  show(span, isBeside = false) {
    if (isBeside) return this.#open([span]);
    this.#highlights.choose(span);
    return this.#highlights.bringIntoView(span);
  }

  #onClick(event) {
    if (!isPlainClick(event)) return;
    const opener = event.target.closest("a.on-block, a[data-panel]");
    const quote = event.target.closest("[data-passage]");
    if (this.#take && opener?.matches(".on-block")) {
      event.preventDefault();
      document.getSelection().selectAllChildren(opener.parentElement);
      this.#take();
    } else if (opener) {
      event.preventDefault();
      const subject = opener.closest(".on-block")?.parentElement ?? opener.closest("article");
      if (!opener.closest(".panel")) this.#panel.about(subject);
      this.#openLink(opener);
    } else if (quote && this.#highlights?.of(quote.dataset.passage)) {
      event.preventDefault();
      this.show(this.#highlights.of(quote.dataset.passage), quote.matches(".card"));
    } else if (this.#root.contains(event.target) && !event.target.closest("a")) {
      this.#openUnder(event);
    }
  }

  /**
   * The sign beside a block leads to what was said there, with the form behind it; where nothing was, to the form.
   * Where that is one page, which is the same for everybody, the reader's own that it does not have stand above it.
   */
  #openLink(link) {
    const spans = link.matches(".on-block") ? (this.#highlights?.beside(link) ?? []) : [];
    const isMuch = spans.length > MOST_VIEWS && "form" in link.dataset;
    if (spans.length === 0) this.#panel.open(link.href);
    else if (isMuch) this.#panel.open(link.href, "page", this.#views(this.#mine.unseen(spans).slice(0, MOST_VIEWS)));
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
    this.#panel.show([...this.#views(spans), ...more]);
  }

  #views(spans) {
    const urlOf = (span) => composeUrl(this.#root, span, "comment");
    const dress = (root) => this.#mine.dress(root);
    return spans.map((span) => viewOf(this.#page, span, this.#highlights.range(span), urlOf(span), dress));
  }
}
