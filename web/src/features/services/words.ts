import type { KeyScope } from "@/gql/graphql";

export const scopeWords: Record<KeyScope, string> = { READ: "Read", WRITE: "Read and write" };

/** What a key of this scope may do. */
export function scopeMeanings(scope: KeyScope, role: string): string {
  return scope === "READ"
    ? `It may look at what the role ${role} may see, and change nothing.`
    : `It may do all that the role ${role} may.`;
}
