import { describe, expect, it } from "vitest";
import { agentWords } from "./agent";

describe("agentWords", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"],
    ["Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Safari/537.36 Edg/143.0", "Edge on Windows"],
    ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0 Mobile Safari/537.36", "Chrome on Android"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1", "Safari on iPhone"],
    ["curl/8.14.1", "curl/8.14.1"],
    ["  ", "Unnamed program"],
  ])("says %j in few words", (agent, words) => {
    expect(agentWords(agent)).toBe(words);
  });

  it("cuts what goes on and on", () => {
    expect(agentWords("x".repeat(200))).toHaveLength(61);
  });
});
