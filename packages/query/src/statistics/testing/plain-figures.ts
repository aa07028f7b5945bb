import type { Entry } from '@tailrace/schema';

/** The counts a summary should have, of the entries as they are. */
export function figuresOf(entries: readonly Entry[]) {
  const requests = entries.filter(({ kind }) => kind === 'request');
  return {
    requests: { byStatus: countBy(requests, (entry) => entry.status_code?.toString()) },
    entries: {
      total: entries.length,
      byLevel: countBy(entries, ({ level }) => level),
      bytesSent: requests.reduce((sum, entry) => sum + (entry.bytes_sent ?? 0), 0),
    },
  };
}

/** How many entries have each name; those without are not counted. */
export function countBy(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const name = nameOf(entry);
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What a histogram counts an entry under. */
export function splitName(entry: Entry, split: 'none' | 'status' | 'level'): string | undefined {
  if (split === 'level') return entry.level;
  return entry.kind === 'request' && entry.status_code !== undefined
    ? `${Math.floor(entry.status_code / 100)}xx`
    : undefined;
}

/** Whether a time is in a window, both ends included. */
export function isIn(
  { timestamp }: { timestamp: number },
  { from, to }: { from: number; to: number },
): boolean {
  return timestamp >= from && timestamp <= to;
}
