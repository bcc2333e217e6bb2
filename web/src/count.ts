/** What a list says of how many there are in all (`Listed` of the API). */
interface Counted {
  totalCount: number;
  totalIsExact: boolean;
}

/** How many there are, in words: "1,000+" where they were not counted to the end. What is shown already counts too. */
export const countOf = ({ totalCount, totalIsExact }: Counted, shown = 0): string => {
  const number = Math.max(totalCount, shown).toLocaleString("en");
  return totalIsExact ? number : `${number}+`;
};
