/** The article in the reader's hands: passages are chosen, commented on, marked, opened. */
import { Bar } from "skycrumbs/bar.js";
import { showCounts } from "skycrumbs/counts.js";
import { startDiscussion } from "skycrumbs/discussion.js";
import { fragment, pageOrNull } from "skycrumbs/fragments.js";
import { Highlights } from "skycrumbs/highlights.js";
import { attachUrl, composeUrl, copyLink } from "skycrumbs/links.js";
import { Mine } from "skycrumbs/mine.js";
import { Opening } from "skycrumbs/opening.js";
import { Panel } from "skycrumbs/panel.js";
import { controlBeside, selected, watchSelection } from "skycrumbs/passages.js";
import { send, takeOver } from "skycrumbs/posting.js";
import { isAsServed, readCanonical, readSpans } from "skycrumbs/served.js";
import { insertComment } from "skycrumbs/views.js";

/** What a comment was written on, where the reader may say where that is: its page has a form for it; else null. */
async function fetchLost(key) {
  const page = await pageOrNull(`/comments/${key}/passage/`);
  return page && fragment(page, "place") && fragment(page, "then");
}

class Reader {
  #page;
  #root;
  #bar;
  #panel;
  #highlights = null;
  #mine;
  #opening;
  // The key of the comment that a passage is chosen for, null for a new one.
  #attached = null;
  #chosen;

  constructor(page, root) {
    this.#page = page;
    this.#root = root;
    this.#mine = new Mine(page, root);
    const stored = (part, fields) => this.#onStored(part, fields);
    this.#panel = new Panel(page.querySelector("#panel"), stored, (root) => this.#mine.dress(root));
    this.#opening = new Opening(page, root, this.#panel, this.#mine);
    startDiscussion(page, () => this.#mine.refresh());
    takeOver(page.querySelector("main"), (answer, form) => this.#onAnsweredBelow(answer, form));
  }

  /** Paints the page's passages and lets others be chosen. */
  async start(canonical) {
    this.#highlights = new Highlights(canonical, this.#root, readSpans(this.#page));
    this.#opening.start(this.#highlights);
    const bar = this.#page.querySelector("#passage_bar");
    this.#chosen = () => selected(canonical, this.#root);
    const leave = ({ range }) => controlBeside(range, this.#root).focus({ preventScroll: true });
    this.#bar = new Bar(bar, (act, passage) => this.#act(act, passage), this.#chosen, leave);
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
    if (act === "attach") return location.assign(attachUrl(this.#root, this.#attached, passage));
    if (act === "link") return this.#bar.say((await this.#copy(passage)) ? "copied" : "not-copied");
    this.#bar.hide();
    // The button that was pressed is gone by the time the panel closes.
    this.#panel.returnTo(controlBeside(passage.range, this.#root));
    this.#panel.about(passage.range);
    // The form takes the selection away.
    this.#highlights.choose(passage);
    if (act !== "highlight") return this.#panel.open(composeUrl(this.#root, passage, act));
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

  async #offerToAttach(key) {
    const then = await fetchLost(key);
    if (then === null) return;
    this.#attached = key;
    this.#bar.isAttaching = true;
    this.#opening.takeBlocks(() => this.#act("attach", this.#chosen()));
    // Where it stood, or may stand.
    const line = this.#root.querySelector(`.orphans a[href*="${CSS.escape(key)}"]`);
    const span = this.#highlights.of(key);
    if (span) this.#opening.show(span);
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
