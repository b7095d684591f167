import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { Canonical } from "../../static/skycrumbs/canonical.js";
import { CanonicalWalk } from "../../static/skycrumbs/walk.js";

const vectors = JSON.parse(readFileSync(new URL("../vectors/canonical.json", import.meta.url), "utf8"));
const VOID_ELEMENTS = new Set(["br", "hr", "img"]);
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0", copy: "\u00a9", Tab: "\t" };

const decoded = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name) return ENTITIES[name] ?? whole;
    return String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal));
  });

/** Just enough of an HTML parser for the vectors: no implied tags, no raw text elements. */
function walked(html) {
  const walk = new CanonicalWalk();
  let isAfterPre = false;
  for (const token of html.replace(/\r\n?/g, "\n").match(/<!--.*?-->|<[^>]*>|[^<]+/gs) ?? []) {
    const [, slash, name] = token.match(/^<(\/?)([a-z]\w*)/i) ?? [];
    if (name) feedTag(walk, name.toLowerCase(), slash === "/", token);
    else if (!token.startsWith("<")) walk.text(decoded(isAfterPre ? token.replace(/^\n/, "") : token));
    isAfterPre = /^<pre\b/i.test(token);
  }
  return walk;
}

function feedTag(walk, name, isEnd, token) {
  if (!isEnd) walk.open(name, token.includes('data-canon="skip"'));
  if (isEnd || VOID_ELEMENTS.has(name)) walk.close(name);
}

describe("CanonicalWalk", () => {
  for (const { name, html, text } of vectors) {
    test(`gives the shared text: ${name}`, () => assert.equal(walked(html).result, text));
  }

  test("says where each stretch of text came from", () => {
    const walk = new CanonicalWalk();
    walk.open("p");
    walk.text(" one \n two ", "first");
    walk.open("em");
    walk.text("three", "second");
    walk.close("em");
    walk.close("p");
    assert.equal(walk.result, "one two three");
    assert.deepEqual(walk.pieces, [
      { start: 0, length: 4, node: "first", offset: 1 },
      { start: 4, length: 4, node: "first", offset: 7 },
      { start: 8, length: 5, node: "second", offset: 0 },
    ]);
  });

  test("gives the newlines between blocks no source", () => {
    const walk = new CanonicalWalk();
    for (const node of ["first", "second"]) {
      walk.open("p");
      walk.text("x", node);
      walk.close("p");
    }
    assert.deepEqual(walk.pieces, [
      { start: 0, length: 1, node: "first", offset: 0 },
      { start: 2, length: 1, node: "second", offset: 0 },
    ]);
  });
});

describe("Canonical", () => {
  for (const { name, html, text, sha256 } of vectors) {
    test(`gives the shared length and SHA-256: ${name}`, async () => {
      const canonical = new Canonical(walked(html));
      assert.equal(canonical.length, [...text].length);
      assert.equal(await canonical.sha256(), sha256);
    });
  }

  test("refuses a passage that the text does not have", () => {
    const canonical = new Canonical(walked("<p>\u{1f600}\u{1f600}</p>"));
    for (const [start, end] of [[0, 3], [-1, 1], [1, 1], [2, 1], [0, NaN]]) {
      assert.throws(() => canonical.toRange(start, end), RangeError);
    }
  });
});
