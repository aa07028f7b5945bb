import { DROP_EVENT, type Entry, LOGGER_COMPONENT } from '@tailrace/schema';
import type { UntoldDrops } from './delivery-counts.js';

/** The entry that tells readers of a gap: `1,204 entries dropped, queue_full, 12:03:07-12:04:11`. Its id is given later. */
export function dropNotice({ reason, count, from, to }: UntoldDrops, now: number): Entry {
  const entries = count === 1 ? '1 entry' : `${count.toLocaleString('en-US')} entries`;
  return {
    id: '',
    timestamp: now,
    kind: 'log',
    level: 'WARNING',
    component: LOGGER_COMPONENT,
    message: `${entries} dropped, ${reason}, ${clock(from)}-${clock(to)}`,
    event: DROP_EVENT,
    data: { reason, count, from: new Date(from).toISOString(), to: new Date(to).toISOString() },
  };
}

function clock(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(11, 19);
}
