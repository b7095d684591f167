import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { pieces, spanOf } from "../../static/skycrumbs/paint.js";

const span = (start, end, ...ids) => ({ start, end, ids });
const piece = (start, end, ...ids) => ({ start, end, depth: ids.length, ids });

describe("pieces", () => {
  it("gives nothing for nothing", () => {
    assert.deepEqual(pieces([]), []);
  });

  it("leaves a lone span as it is", () => {
    assert.deepEqual(pieces([span(3, 9, "a")]), [piece(3, 9, "a")]);
  });

  it("counts every comment on the same passage", () => {
    assert.deepEqual(pieces([span(3, 9, "a", "b")]), [piece(3, 9, "a", "b")]);
  });

  it("leaves out a span that covers nothing", () => {
    assert.deepEqual(pieces([span(4, 4, "a"), span(6, 5, "b")]), []);
  });

  it("keeps spans apart that only touch: the end is not part of a span", () => {
    assert.deepEqual(pieces([span(0, 5, "a"), span(5, 8, "b")]), [piece(0, 5, "a"), piece(5, 8, "b")]);
  });

  it("deepens where two overlap", () => {
    assert.deepEqual(pieces([span(0, 10, "a"), span(5, 15, "b")]), [
      piece(0, 5, "a"),
      piece(5, 10, "a", "b"),
      piece(10, 15, "b"),
    ]);
  });

  it("cuts the outer where one lies inside another", () => {
    assert.deepEqual(pieces([span(0, 20, "a"), span(5, 8, "b")]), [
      piece(0, 5, "a"),
      piece(5, 8, "a", "b"),
      piece(8, 20, "a"),
    ]);
  });

  it("counts three deep, in the order in which they begin, however they are given", () => {
    assert.deepEqual(pieces([span(4, 6, "c"), span(0, 10, "a"), span(2, 8, "b")]), [
      piece(0, 2, "a"),
      piece(2, 4, "a", "b"),
      piece(4, 6, "a", "b", "c"),
      piece(6, 8, "a", "b"),
      piece(8, 10, "a"),
    ]);
  });

  it("leaves a gap between spans unpainted", () => {
    assert.deepEqual(pieces([span(0, 2, "a"), span(7, 9, "b")]), [piece(0, 2, "a"), piece(7, 9, "b")]);
  });

  it("changes nothing in what it is given", () => {
    const given = [span(5, 9, "b"), span(0, 7, "a")];
    pieces(given);
    assert.deepEqual(given, [span(5, 9, "b"), span(0, 7, "a")]);
  });
});

describe("spanOf", () => {
  const spans = [span(0, 2, "a"), span(4, 6, "b", "c")];

  it("finds the span that a comment is on", () => {
    assert.deepEqual(spanOf(spans, "c"), span(4, 6, "b", "c"));
  });

  it("gives null when the comment is on no passage", () => {
    assert.equal(spanOf(spans, "d"), null);
  });
});
