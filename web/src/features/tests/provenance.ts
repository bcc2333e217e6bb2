/** What a vote saw, held against what stands now. Pure. */

interface File {
  evidenceId: string;
  fileName: string;
  removedAt?: string | null;
}

export interface Change {
  /** Names of files that were added since. */
  added: string[];
  /** Names of files that were taken out since. */
  removed: string[];
}

export const standing = <Each extends File>(files: readonly Each[]): Each[] => files.filter((file) => !file.removedAt);

/** How the evidence differs from what was seen; null where it does not. */
export function changeSince(seenIds: readonly string[], files: readonly File[]): Change | null {
  const seen = new Set(seenIds);
  const added = standing(files).filter((file) => !seen.has(file.evidenceId));
  const removed = files.filter((file) => file.removedAt && seen.has(file.evidenceId));
  if (added.length + removed.length === 0) return null;
  return { added: added.map((file) => file.fileName), removed: removed.map((file) => file.fileName) };
}

/** `2 files added, 1 taken out`. */
export function changeInWords({ added, removed }: Change): string {
  const files = (count: number) => (count === 1 ? "1 file" : `${count} files`);
  return [
    added.length > 0 && `${files(added.length)} added`,
    removed.length > 0 && `${added.length > 0 ? removed.length : files(removed.length)} taken out`,
  ]
    .filter(Boolean)
    .join(", ");
}
