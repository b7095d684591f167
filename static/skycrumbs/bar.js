/** The small bar beside a chosen passage: comment, highlight, note, copy link. */

const GAP = 8; // pixels between the passage and the bar

/** Below the passage, or above it where there is no room; styles take over on small and on touch screens. */
function place(bar, range) {
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes[0], boxes.at(-1)];
  if (!last) return;
  const below = last.bottom + GAP;
  const hasRoom = below + bar.offsetHeight < window.innerHeight;
  const left = Math.min(Math.max(GAP, last.left), window.innerWidth - bar.offsetWidth - GAP);
  bar.style.top = `${Math.max(GAP, hasRoom ? below : first.top - bar.offsetHeight - GAP)}px`;
  bar.style.left = `${left}px`;
}

/** Left and right go from button to button. (ARIA Authoring Practices, toolbar) */
function moveByArrows(bar) {
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...bar.querySelectorAll("button")].filter((button) => !button.hidden);
    const forward = getComputedStyle(bar).direction === "rtl" ? -step : step;
    const next = buttons.indexOf(document.activeElement) + forward;
    buttons[(next + buttons.length) % buttons.length].focus();
    event.preventDefault();
  });
}

/** Whether a key was pressed where the reader is in the text, and in no control of its own. */
const isInText = () => [document.body, document.querySelector("main")].includes(document.activeElement);

export class Bar {
  // Whether a passage is chosen for a comment that is there already: then that is all that can be done with it.
  isAttaching = false;
  #bar;
  #said;
  #selected;
  #passage = null;

  /**
   * @param {(act: string, passage: object) => void} act what to do with the passage when a button is pressed
   * @param {() => object | null} selected the passage that is selected at this moment
   * @param {(passage: object) => void} leave where the keyboard goes that was in the bar
   */
  constructor(bar, act, selected, leave) {
    this.#bar = bar;
    this.#selected = selected;
    this.#said = bar.ownerDocument.querySelector("#bar_said");
    moveByArrows(bar);
    // A press on the bar leaves the selection as it is.
    bar.addEventListener("pointerdown", (event) => event.preventDefault());
    bar.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (button && this.#passage) this.#press(button.dataset.act, act);
    });
    document.addEventListener("keydown", (event) => this.#onKey(event, leave));
    window.addEventListener("scroll", () => this.#passage && place(bar, this.#passage.range), { passive: true });
  }

  /** Shows the bar for a passage, or puts it away. A passage of two sections gets words in the place of buttons. */
  show(passage) {
    if (passage === null && this.#bar.contains(document.activeElement)) return;
    this.#passage = passage;
    this.#bar.hidden = passage === null;
    if (passage === null) return this.say("");
    for (const button of this.#bar.querySelectorAll("button")) {
      button.hidden = !passage.isWhole || (button.dataset.act === "attach") !== this.isAttaching;
    }
    this.say(passage.isWhole ? "chosen" : "across");
    return place(this.#bar, passage.range);
  }

  /** Tells, in the words of the page: the one of its `data-word` that is named; "" tells nothing. */
  say(word) {
    const lines = [...this.#bar.querySelectorAll("[data-word]")];
    for (const line of lines) line.hidden = line.dataset.word !== word;
    // A live region has to be there before it speaks, and the bar comes and goes. (WAI-ARIA 1.2, "aria-live")
    this.#said.textContent = lines.find((line) => !line.hidden)?.textContent ?? "";
  }

  hide() {
    this.#passage = null;
    this.#bar.hidden = true;
    this.say("");
  }

  /** Acts on what is selected, which may be another passage already than the one the bar was shown for. */
  #press(name, act) {
    const passage = this.#selected() ?? this.#passage;
    if (passage.isWhole) act(name, passage);
    else this.show(passage);
  }

  #onKey(event, leave) {
    const passage = this.#passage;
    if (passage === null) return;
    if (event.key === "Escape") {
      const hasKeyboard = this.#bar.contains(document.activeElement);
      this.hide();
      document.getSelection().collapseToEnd();
      if (hasKeyboard) leave(passage);
    } else if (event.key === "Enter" && isInText()) {
      this.#bar.querySelector("button:not([hidden])")?.focus();
      event.preventDefault();
    }
  }
}
