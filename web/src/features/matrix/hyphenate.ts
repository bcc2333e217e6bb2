/**
 * Names in narrow columns: soft hyphens where a word may break, and names fitted into two lines.
 * Browsers hyphenate by themselves only where they
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

const ellipsis = "…";
/** A cut word keeps at least this much of itself; less is no help. */
const shortestStump = 3;

/**
 * A name in two lines of the given width. Words stay whole where they can; a word too long for
 * the first line breaks at a syllable, and what does not fit the second ends in an ellipsis,
 * which never stands beside a hyphen.
 */
export function twoLines(name: string, width: number, measure: (text: string) => number): [string, string] {
  const fits = (text: string) => measure(text.trimEnd()) <= width;
  if (fits(name)) return [name, ""];
  const words = name.split(/(?<=[\s/-])/);
  let taken = 0;
  let first = "";
  while (taken < words.length && fits(first + words[taken])) first += words[taken++];
  const rest = words.slice(taken).join("");
  if (first && fits(rest)) return [first.trimEnd(), rest];

  const broken = breakAt(words[taken] ?? "", (stump) => fits(`${first}${stump}-`));
  if (broken) {
    const [stump, tail] = broken;
    const after = tail + words.slice(taken + 1).join("");
    // A break is worth it where it saves the whole name, or where nothing else fits the line.
    if (!first || fits(after)) return [`${first}${stump}-`, cut(after, fits)];
  }
  return first ? [first.trimEnd(), cut(rest, fits)] : [cut(rest, fits), ""];
}

/** The longest start of a word, up to a syllable, that fits. */
function breakAt(word: string, fits: (stump: string) => boolean): [stump: string, tail: string] | null {
  const syllables = hyphenate(word).split(softHyphen);
  for (let count = syllables.length - 1; count > 0; count -= 1) {
    const stump = syllables.slice(0, count).join("");
    if (fits(stump)) return [stump, syllables.slice(count).join("")];
  }
  return null;
}

function cut(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  let end = text.length;
  while (end > 1 && !fits(text.slice(0, end) + ellipsis)) end -= 1;
  let kept = text.slice(0, end);
  const stump = /[^\s/-]*$/.exec(kept)?.[0] ?? "";
  const whole = kept.length - stump.length;
  if (whole > 0 && stump.length < shortestStump && /^[^\s/-]/.test(text.slice(end))) kept = kept.slice(0, whole);
  return kept.replace(/[\s/(-]+$/, "") + ellipsis;
}
