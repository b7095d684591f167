import assert from "node:assert/strict";
import { test } from "node:test";

import { age } from "../../static/skycrumbs/ages.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const told = (milliseconds) => {
  const found = age(milliseconds);
  return found && new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(found.value, found.unit);
};

test("an age is told in its largest whole unit", () => {
  const ages = [MINUTE - 1, MINUTE, HOUR - 1, HOUR, DAY - 1, 2 * DAY, 7 * DAY - 1];
  const words = ["now", "1 minute ago", "59 minutes ago", "1 hour ago", "23 hours ago", "2 days ago", "6 days ago"];
  assert.deepEqual(ages.map(told), words);
});

test("after a week the date says more", () => {
  assert.equal(age(7 * DAY), null);
});

test("what a clock that is ahead wrote was written now", () => {
  assert.equal(told(-DAY), "now");
});
