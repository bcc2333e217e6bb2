import { expect, test } from "vitest";
import { countOf } from "./count";

test("a number that is not all of them is said to be more", () => {
  expect(countOf({ totalCount: 0, totalIsExact: true })).toBe("0");
  expect(countOf({ totalCount: 1234, totalIsExact: true })).toBe("1,234");
  expect(countOf({ totalCount: 1000, totalIsExact: false })).toBe("1,000+");
  expect(countOf({ totalCount: 40, totalIsExact: false }, 100)).toBe("100+");
});
