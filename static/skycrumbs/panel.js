/** What stands beside the text on a wide screen, and in a sheet from below on a narrow one. */
import { fragment, pageOrNull } from "skycrumbs/fragments.js";
import { AFTER_ANSWER, takeOver } from "skycrumbs/posting.js";

const GAP = 16; // pixels between a passage and the sheet below it, and around the panel

export class Panel {
  #panel;
  #body;
  #onStored;
  #dress;
  #opener = null;
  #subject = null;
  // Counts what was shown, so that an answer that comes late does not take the place of what came after.
  #turn = 0;
  // Pixels from the top of the window, if the header is out of sight.
  #level = 0;
  #fit = () => {};
  #grown = new ResizeObserver(() => this.#fit());

  /**
   * @param {(part: Element, fields: object) => void} onStored told of every comment that was stored from here
   * @param {(root: Element) => void} dress shows what is the reader's own among what everybody sees
   */
  constructor(panel, onStored, dress) {
    this.#panel = panel;
    this.#body = panel.querySelector("[data-body]");
    this.#onStored = onStored;
    this.#dress = dress;
    panel.querySelector("[data-close]").addEventListener("click", () => this.close());
    window.addEventListener("scroll", () => this.isOpen && this.#stand(), { passive: true });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** Where the keyboard goes when the panel closes, where that is not to what had it before. */
  returnTo(element) {
    if (!this.isOpen) this.#opener = element;
  }

  /** Keeps what is talked about, an element or a range, in sight above the sheet of a narrow screen. */
  about(subject) {
    this.#subject = subject;
  }

  /** Shows elements, and takes the keyboard to what the first of `focus` that finds one finds, else to the panel. */
  show(parts, focus = ["textarea"]) {
    this.#turn += 1;
    if (!this.isOpen) this.#opener ??= document.activeElement;
    this.#panel.hidden = false;
    document.documentElement.classList.add("has-panel");
    this.#body.replaceChildren(...parts);
    this.#uncover();
    this.#follow();
    this.#dress(this.#body);
    this.#body.scrollTop = 0;
    this.#body.querySelector("mark")?.scrollIntoView({ block: "nearest" });
    takeOver(this.#body, (answer, form) => this.showAnswer(answer, form));
    const found = focus.map((one) => this.#body.querySelector(one)).find((one) => one !== null);
    (found ?? this.#panel).focus();
    found?.scrollIntoView({ block: "nearest" });
  }

  /** Stands level with what is talked about, as far as all of it can be seen; higher up where what is shown grows. */
  #follow() {
    const wanted = this.#subject?.getBoundingClientRect().top ?? 0;
    this.#fit = () => {
      this.#panel.style.removeProperty("--level");
      this.#level = Math.min(wanted, window.innerHeight - this.#panel.offsetHeight - GAP);
      this.#stand();
    };
    this.#grown.disconnect();
    for (const part of this.#body.children) this.#grown.observe(part);
    this.#fit();
  }

  /** Below the header, where that is in sight. (On a narrow screen styles have the panel at the bottom.) */
  #stand() {
    const header = document.querySelector(".top").getBoundingClientRect();
    this.#panel.style.setProperty("--level", `${Math.max(GAP, header.bottom + GAP, this.#level)}px`);
  }

  /** Brings what is talked about in sight, above the sheet if that lies over it, as far as its first line stays there. */
  #uncover() {
    const [subject, sheet] = [this.#subject, this.#panel].map((one) => one?.getBoundingClientRect());
    if (!subject) return;
    const isBeside = subject.left < sheet.left || subject.right > sheet.right;
    const end = (isBeside ? window.innerHeight : sheet.top) - GAP;
    window.scrollBy({ top: Math.max(0, Math.min(subject.bottom - end, subject.top - GAP)) });
  }

  /** Shows what a form was answered with. */
  showAnswer({ isStored, part }, form) {
    if (part === null) this.say(isStored ? "stored" : "failed");
    else this.show([part], AFTER_ANSWER);
    if (isStored) this.#onStored(part, form && Object.fromEntries(new FormData(form)));
  }

  /** Fetches a page of the site and shows the part of it that is named, below `above`; words where nothing answers. */
  async open(url, name = "page", above = []) {
    this.say("loading");
    const turn = this.#turn;
    const page = await pageOrNull(url);
    if (turn !== this.#turn) return;
    const part = page && (fragment(page, name) ?? fragment(page, "page"));
    if (part) this.show([...above, part]);
    else this.say("failed");
  }

  /** One of the lines that the page keeps for what happens. */
  line(word) {
    return this.#panel.querySelector(`template[data-word="${word}"]`).content.cloneNode(true);
  }

  /** Shows one of the lines that the page keeps for the panel, and below it what else there is. */
  say(word, ...parts) {
    this.show([this.line(word), ...parts]);
  }

  /** Adds one of those lines above what is shown. */
  add(word) {
    this.#body.prepend(this.line(word));
  }

  close() {
    this.#turn += 1;
    this.#panel.hidden = true;
    document.documentElement.classList.remove("has-panel");
    this.#body.replaceChildren();
    this.#grown.disconnect();
    if (this.#opener?.isConnected) this.#opener.focus({ preventScroll: true });
    this.#opener = null;
    this.#subject = null;
  }
}
