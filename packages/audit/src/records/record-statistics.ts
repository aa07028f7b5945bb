import { isJsonObject, type JsonValue } from '@tailrace/schema';
import type { FileRecord } from './operation-line.js';

/** What the records of an audit file come to. */
export interface RecordStatistics {
  readonly total: number;
  /** Epoch milliseconds of the oldest and the newest; `undefined` without any. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  readonly by_operation: Readonly<Record<string, number>>;
  readonly by_status: Readonly<Record<string, number>>;
  readonly by_user: Readonly<Record<string, number>>;
  readonly by_day: Readonly<Record<string, number>>;
  /** Machines that were requested and made, by all batches. */
  readonly batches: { readonly requested: number; readonly successful: number; readonly failed: number };
}

/** Counts records, one by one. Values past 10,000 different ones are counted together as `(others)`. */
export function createRecordStatistics() {
  let total = 0;
  let first: number | undefined;
  let last: number | undefined;
  const counts = { operation: counter(), status: counter(), user: counter(), day: counter() };
  const batches = { requested: 0, successful: 0, failed: 0 };
  return {
    add({ time, operation, status = 'none', username = 'none', raw }: FileRecord): void {
      total++;
      first = Math.min(first ?? time, time);
      last = Math.max(last ?? time, time);
      counts.operation.add(operation);
      counts.status.add(status);
      counts.user.add(username);
      counts.day.add(new Date(time).toISOString().slice(0, 10));
      if (!isJsonObject(raw.summary)) return;
      batches.requested += numberOf(raw.summary.total_requested);
      batches.successful += numberOf(raw.summary.successful);
      batches.failed += numberOf(raw.summary.failed);
    },
    read: (): RecordStatistics => ({
      total,
      first,
      last,
      by_operation: counts.operation.read(),
      by_status: counts.status.read(),
      by_user: counts.user.read(),
      by_day: counts.day.read(),
      batches: { ...batches },
    }),
  };
}

const MAX_VALUES = 10_000;

function counter() {
  const counts = new Map<string, number>();
  return {
    add(value: string): void {
      const counted = counts.size < MAX_VALUES || counts.has(value) ? value : '(others)';
      counts.set(counted, (counts.get(counted) ?? 0) + 1);
    },
    read: () => Object.fromEntries([...counts].sort(([, a], [, b]) => b - a)),
  };
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
