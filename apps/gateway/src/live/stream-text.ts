import type { EntryEvent, TailEvent } from '@tailrace/query';
import { entryJson } from '../logs/entry-json.js';

/** How long a client waits before it connects again, in milliseconds. */
const RETRY_MS = 1_000;

/** The first bytes of a stream; a comment, so that proxies pass the headers on at once. */
export const STREAM_HEAD = `: following\nretry: ${RETRY_MS}\n\n`;

/** Keeps the connection alive. */
export const HEARTBEAT = ':\n\n';

/** An event that says up to which id all has been sent, for a client that comes back before the next entry. */
export function positionText(streamId: string): string {
  return messageText('position', { after: streamId }, streamId);
}

/** A tail's event as Server-Sent Events have it (WHATWG HTML, section 9.2). */
export function eventText(event: TailEvent): string {
  switch (event.type) {
    case 'entry':
      return entryText(event);
    case 'missed': {
      const { count, firstId, lastId } = event;
      return messageText('missed', { count, from: timeOf(firstId), to: timeOf(lastId) }, lastId);
    }
    case 'gap': {
      const { reason, after, next, entries } = event;
      const to = next === null ? null : timeOf(next);
      return messageText('gap', { reason, entries, after, next, from: timeOf(after), to });
    }
    case 'status':
      return messageText('status', { redis: event.available ? 'available' : 'unavailable' });
  }
}

/** The JSON of an entry is made once for all who follow it. */
function entryText({ streamId, entry }: EntryEvent): string {
  return `id: ${streamId}\ndata: ${entryJson(entry)}\n\n`;
}

/** JSON has no line ends, so one data line holds it. */
function messageText(name: string, data: unknown, id?: string): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** When an entry was stored, as its stream id says; null where that is no time. */
function timeOf(streamId: string): string | null {
  const milliseconds = Number(streamId.split('-')[0]);
  return milliseconds > 0 && milliseconds <= MAX_TIME_MS ? new Date(milliseconds).toISOString() : null;
}

const MAX_TIME_MS = 8.64e15;
