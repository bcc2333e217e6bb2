/** What a browser or script says it is, in few words. Pure. */

/** The first that fits decides: most browsers name others too. */
const browsers: readonly [mark: RegExp, name: string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|HeadlessChrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly [mark: RegExp, name: string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

const longest = 60;

/** `Firefox on Linux`; of scripts what they call themselves, cut where it is long. */
export function agentWords(agent: string): string {
  const browser = nameIn(browsers, agent);
  const system = nameIn(systems, agent);
  if (browser) return system ? `${browser} on ${system}` : browser;
  const text = agent.trim();
  if (text === "") return "Unnamed program";
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function nameIn(marks: readonly [RegExp, string][], agent: string): string | undefined {
  return marks.find(([mark]) => mark.test(agent))?.[1];
}
