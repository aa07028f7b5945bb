import type { EntryReply } from '@tailrace/schema';

/** What a follower is told. `id` is the place in the stream behind it, to go on from with `after`. */
export type StreamEvent =
  | { readonly type: 'entry'; readonly id: string; readonly entry: EntryReply }
  /** This follower read too slowly: so many matches were left out. */
  | { readonly type: 'missed'; readonly id: string; readonly count: number }
  | ({ readonly type: 'gap'; readonly id: string } & StreamGap)
  /** Whether the gateway reaches its store. */
  | { readonly type: 'status'; readonly id: string; readonly redis: 'available' | 'unavailable' }
  /** The connection to the gateway was lost and is made again, or is there again. */
  | { readonly type: 'connection'; readonly id: string; readonly state: 'lost' | 'back' };

/** Entries that can no longer be followed, only searched. */
export interface StreamGap {
  /** `restarted`: the stream was removed or begun anew; else it was trimmed before this was read. */
  readonly reason: string;
  /** How many, of any filter; null when nobody knows. */
  readonly entries: number | null;
  /** When the last one before and the first one after were stored, ISO 8601; null when there is none. */
  readonly from: string | null;
  readonly to: string | null;
}

/** A message of the stream as it comes. */
export interface StreamMessage {
  readonly event?: string | undefined;
  readonly data: string;
}

/** @returns `undefined` for what only this package needs, and for a name or shape it does not know. */
export function streamEventOf(
  { event = 'message', data }: StreamMessage,
  id: string,
): StreamEvent | undefined {
  const value = parsed(data);
  switch (event) {
    case 'message':
      return isEntry(value) ? { type: 'entry', id, entry: value } : undefined;
    case 'missed':
      return typeof value.count === 'number' ? { type: 'missed', id, count: value.count } : undefined;
    case 'gap':
      return typeof value.reason === 'string'
        ? {
            type: 'gap',
            id,
            reason: value.reason,
            entries: typeof value.entries === 'number' ? value.entries : null,
            from: textOrNull(value.from),
            to: textOrNull(value.to),
          }
        : undefined;
    case 'status':
      return value.redis === 'available' || value.redis === 'unavailable'
        ? { type: 'status', id, redis: value.redis }
        : undefined;
    default:
      return undefined;
  }
}

type Members = Readonly<Record<string, unknown>>;

function parsed(text: string): Members {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Members) : {};
  } catch {
    return {};
  }
}

function isEntry(value: Members): value is Members & EntryReply {
  return typeof value.timestamp === 'string' && typeof value.level === 'string';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
