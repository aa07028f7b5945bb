import type { Entry, Level } from '@tailrace/schema';

/** Counts entries one by one. */
export class EntryTally {
  entries = 0;
  bytesSent = 0;
  readonly byStatus = new Map<string, number>();
  readonly byLevel = new Map<Level, number>();
  readonly responseTimes: number[] = [];
  readonly visitors = new Set<string>();

  add(entry: Entry): void {
    this.entries += 1;
    grow(this.byLevel, entry.level);
    if (entry.kind !== 'request') return;
    if (entry.status_code !== undefined) grow(this.byStatus, String(entry.status_code));
    if (entry.response_time_ms !== undefined) this.responseTimes.push(entry.response_time_ms);
    if (entry.client_ip !== undefined) this.visitors.add(entry.client_ip);
    this.bytesSent += entry.bytes_sent ?? 0;
  }
}

/** Adds to one of several counts. */
export function grow<Name>(counts: Map<Name, number>, name: Name, by = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + by);
}
