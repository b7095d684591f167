import assert from "node:assert/strict";
import test from "node:test";

import { linkTo } from "../../static/skycrumbs/textlinks.js";

const URL_ = "https://site.example/articles/birds/";
const link = (exact, before = "", after = "") => linkTo(URL_, { exact, before, after });

test("the module can be loaded where there is no segmenter", async () => {
  const { Segmenter } = Intl;
  delete Intl.Segmenter;
  try {
    await import("../../static/skycrumbs/textlinks.js?again");
  } finally {
    Intl.Segmenter = Segmenter;
  }
});

test("a short passage is named whole, with the words around it", () => {
  assert.equal(link("sing at dawn", "Small birds ", " because"), `${URL_}#:~:text=Small%20birds-,sing%20at%20dawn,-because`);
});

test("signs that mean something in a directive are encoded", () => {
  assert.equal(link("a-b, c & d"), `${URL_}#:~:text=a%2Db%2C%20c%20%26%20d`);
});

test("a long passage is named by its ends", () => {
  const words = Array.from({ length: 60 }, (_, at) => `w${at}`).join(" ");
  assert.equal(link(words), `${URL_}#:~:text=w0%20w1%20w2%20w3%20w4,w55%20w56%20w57%20w58%20w59`);
});

test("a passage of several blocks is named by its first and its last", () => {
  assert.equal(link("one two\nthree\nfour five"), `${URL_}#:~:text=one%20two,four%20five`);
});

test("at most five words stand on each side", () => {
  assert.equal(link("x", "1 2 3 4 5 6 7 ", " a b c d e f"), `${URL_}#:~:text=3%204%205%206%207-,x,-a%20b%20c%20d%20e`);
});

test("a passage that cuts words is named by whole ones, which is all that browsers match", () => {
  assert.equal(link("ing at da", "Small birds s", "wn because"), `${URL_}#:~:text=Small%20birds-,sing%20at%20dawn,-because`);
});

test("signs between the words around it and the passage stay", () => {
  assert.equal(link("sing", "they (the birds) ", ", loudly"), `${URL_}#:~:text=they%20(the%20birds)-,sing,-%2C%20loudly`);
});

test("one word that is very long is named once", () => {
  const word = "x".repeat(300);
  assert.equal(link(word), `${URL_}#:~:text=${word}`);
});

test("a long text without spaces is named by its ends", () => {
  const [first, last] = link("鳥は朝に歌う。".repeat(40)).split("#:~:text=")[1].split(",").map(decodeURIComponent);
  assert.ok(first.startsWith("鳥は朝") && last.endsWith("歌う。") && first.length < 20 && last.length < 20);
});
