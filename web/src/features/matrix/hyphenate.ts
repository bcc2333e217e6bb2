/**
 * Soft hyphens for names in narrow columns. Browsers hyphenate by themselves only where they
 * carry a dictionary; without one they cut words at any letter. This finds the usual English
 * breaks, between two consonants or before a consonant with a vowel, which is enough here.
 */
const softHyphen = "\u00ad";
const shortWord = 8;
/** Letters that are one sound and stay together. */
const pairs = new Set(["th", "sh", "ch", "ph", "wh", "ck", "qu", "gh", "st", "tr", "pr", "cr", "cl", "pl", "bl", "gr", "fr"]);

const known = new Map<string, string>();

export function hyphenate(name: string): string {
  let result = known.get(name);
  if (result === undefined) {
    result = name.replaceAll(/\p{L}+/gu, (word) => (word.length < shortWord ? word : breakWord(word)));
    known.set(name, result);
  }
  return result;
}

function breakWord(word: string): string {
  const vowel = (at: number) => /[aeiouy]/i.test(word[at] ?? "");
  let result = word.slice(0, 3);
  for (let at = 3; at < word.length; at += 1) {
    const left = word.slice(at - 1, at + 1).toLowerCase();
    const enough = word.length - at >= 3;
    const betweenConsonants = !vowel(at - 1) && !vowel(at) && vowel(at - 2) && !pairs.has(left);
    const beforeSyllable =
      vowel(at - 1) && !vowel(at) && (vowel(at + 1) || pairs.has(word.slice(at, at + 2).toLowerCase()));
    if (enough && (betweenConsonants || beforeSyllable)) result += softHyphen;
    result += word[at];
  }
  return result;
}
