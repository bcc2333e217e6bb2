import { expect, test } from "vitest";
import { testCount } from "./count";

test("tests are counted to a thousand, and beyond that is said to be more", () => {
  expect([0, 1, 999, 1000].map(testCount)).toEqual(["0", "1", "999", "1,000+"]);
});
