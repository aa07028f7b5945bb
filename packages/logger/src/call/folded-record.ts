import { LogRecord, snapshotFields, textBytes } from '@tailrace/writer';
import type { FoldedMessage } from './repeat-folding.js';

/** The record that stands for the calls that were folded. @param now epoch milliseconds */
export function foldedRecord(folded: FoldedMessage, now: number): LogRecord {
  const { component, level, message, count, firstAt, lastAt } = folded;
  const data = { folded: count, first_at: timeText(firstAt), last_at: timeText(lastAt) };
  const { fields, bytes, truncated } = snapshotFields({ component, data });
  const all = bytes + textBytes(message);
  return new LogRecord('log', level, now, message, undefined, fields, undefined, all, truncated);
}

function timeText(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
