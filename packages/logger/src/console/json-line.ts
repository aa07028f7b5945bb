import { type Entry, requestMessage, toEntryReply } from '@tailrace/schema';
import { printableJson } from './escape-controls.js';

/** An entry as the gateway replies it, without its id: ids are given when a batch is written. */
export function jsonLine(entry: Entry): string {
  const { id: _, ...reply } = toEntryReply(entry);
  return printableJson({ ...reply, message: entry.message === '' ? defaultMessage(entry) : entry.message });
}

function defaultMessage(entry: Entry): string {
  return entry.kind === 'request' ? requestMessage(entry) : '';
}
