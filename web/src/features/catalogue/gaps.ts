/** The gaps of a template, `#{name}`, and what they are filled with. Pure; the server fills them for good. */

const gap = /#\{([A-Za-z0-9_.-]+)\}/g;

interface Argument {
  name: string;
  default?: string | null;
}

interface Texts {
  procedure: string;
  prerequisites: string;
  cleanup: string;
}

/** What stands in each gap: what was typed, or else the default. Empty text is a value only where it was typed. */
export function valuesOf(args: readonly Argument[], typed: Readonly<Record<string, string>>): Map<string, string> {
  const values = new Map<string, string>();
  for (const { name, default: standard } of args) {
    const value = typed[name] ?? standard;
    if (value != null) values.set(name, value);
  }
  return values;
}

/** Arguments that have neither a value nor a default. */
export function missing(args: readonly Argument[], typed: Readonly<Record<string, string>>): string[] {
  const values = valuesOf(args, typed);
  return args.map((argument) => argument.name).filter((name) => !values.has(name));
}

/** The text with its gaps filled once: a value that looks like a gap stays as it is. */
export function filled(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(gap, (whole, name: string) => values.get(name) ?? whole);
}

/** The procedure as the draft will plan it; under headings where there is more than the procedure. */
export function planned(texts: Texts, values: ReadonlyMap<string, string>): string {
  const procedure = filled(texts.procedure, values);
  if (texts.prerequisites === "" && texts.cleanup === "") return procedure;
  return [
    ["Prerequisites", filled(texts.prerequisites, values)],
    ["Procedure", procedure],
    ["Cleanup", filled(texts.cleanup, values)],
  ]
    .filter(([, text]) => text !== "")
    .map(([heading, text]) => `${heading}:\n${text}`)
    .join("\n\n");
}

/** Gaps in the texts that no argument is declared for. */
export function undeclared(texts: Texts, args: readonly Argument[]): string[] {
  const declared = new Set(args.map((argument) => argument.name));
  const found = [texts.prerequisites, texts.procedure, texts.cleanup].flatMap((text) =>
    [...text.matchAll(gap)].map((match) => match[1] ?? ""),
  );
  return [...new Set(found)].filter((name) => !declared.has(name));
}
