/** Tests are counted to here (`tests.totalCount` of the API): so many, or more. */
const COUNTED_TO = 1_000;

/** How many tests there are, in words: "1,000+" is as far as they are counted. */
export const testCount = (total: number): string =>
  total < COUNTED_TO ? String(total) : `${COUNTED_TO.toLocaleString("en")}+`;
