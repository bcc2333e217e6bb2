/** Time zones to choose from. Pure. */

/** Suggestions that are shown at most. */
const shown = 12;

/** Names in use today that browsers leave out of their list, or know by an older name only. */
const always = [
  "UTC",
  "Africa/Asmara",
  "America/Argentina/Buenos_Aires",
  "America/Nuuk",
  "Asia/Ho_Chi_Minh",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Yangon",
  "Atlantic/Faroe",
  "Europe/Kyiv",
  "Pacific/Chuuk",
  "Pacific/Kanton",
  "Pacific/Pohnpei",
];

export function knownZones(): readonly string[] {
  return [...new Set([...always, ...Intl.supportedValuesOf("timeZone")])];
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[_/\s-]+/g, " ").trim();

/** The zones that hold all words that were typed, those that begin so or have a part beginning so first. */
export function zonesFor(text: string, zones: readonly string[]): string[] {
  const words = plain(text).split(" ").filter(Boolean);
  // Nobody looks through four hundred names.
  if (words.length === 0) return [];
  const rank = (zone: string) => {
    const parts = plain(zone).split(" ");
    return words.every((word) => parts.some((part) => part.startsWith(word))) ? 0 : 1;
  };
  return zones
    .filter((zone) => words.every((word) => plain(zone).includes(word)))
    .sort((left, right) => rank(left) - rank(right))
    .slice(0, shown);
}
