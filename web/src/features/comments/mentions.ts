/** Mentions in a text: what is being typed, what completes it, and what is one. Pure. */
import type { KnownPerson } from "@/api/people";

/** Letters of a user name, as the server reads them. */
const nameLetters = /[A-Za-z0-9._-]/;

/** What a person is mentioned by: the name that they sign in with. Null for those whom nothing mentions. */
export function handleOf(person: { username?: string | null }): string | null {
  const { username } = person;
  return username && /^[A-Za-z0-9._-]+$/.test(username) ? username : null;
}

/** The mention that ends at the caret: where its @ stands, and what was typed of the name. */
export function mentionAt(text: string, caret: number): { from: number; typed: string } | null {
  let at = caret;
  while (at > 0 && nameLetters.test(text[at - 1] ?? "")) at -= 1;
  const before = text[at - 2];
  if (text[at - 1] !== "@") return null;
  // As in a mail address: an @ within a word mentions nobody.
  if (before !== undefined && /[\p{L}\p{N}]/u.test(before)) return null;
  return { from: at - 1, typed: text.slice(at, caret) };
}

/** The text with the mention completed, and where the caret goes. */
export function completed(text: string, caret: number, from: number, handle: string): { text: string; caret: number } {
  const rest = text.slice(caret);
  const mention = `@${handle}${rest.startsWith(" ") ? "" : " "}`;
  return { text: text.slice(0, from) + mention + rest, caret: from + mention.length };
}

/** Who fits what was typed: names that begin with it first. */
export function fitting(people: readonly KnownPerson[], typed: string, limit = 6): (KnownPerson & { handle: string })[] {
  const wanted = typed.toLowerCase();
  const known = people.flatMap((person) => {
    const handle = handleOf(person);
    return handle === null ? [] : [{ ...person, handle }];
  });
  const begins = (person: { handle: string; name: string }) =>
    person.handle.toLowerCase().startsWith(wanted) || person.name.toLowerCase().startsWith(wanted);
  const holds = (person: { handle: string; name: string }) =>
    person.handle.toLowerCase().includes(wanted) || person.name.toLowerCase().includes(wanted);
  return [...known.filter(begins), ...known.filter((person) => !begins(person) && holds(person))].slice(0, limit);
}

export interface Part {
  text: string;
  mention: boolean;
}

/** A text in pieces, those that could mention somebody apart. A dot at the end is the sentence's. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(/(?<![\p{L}\p{N}])@([A-Za-z0-9._-]*[A-Za-z0-9_-])/gu)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), mention: false });
    parts.push({ text: match[0], mention: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), mention: false });
  return parts;
}
