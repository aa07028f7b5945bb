import type { LogReader } from '@tailrace/query';
import type { Cursor, Entry, Filter } from '@tailrace/schema';
import { RequestError } from '../http/errors/request-error.js';
import type { PageSpace } from '../http/page-room.js';
import { type LokiRequest, type Moment, windowOf } from './loki-request.js';
import { lineOf } from './streams.js';

/** Entries looked at for those that come first in a window. */
const MAX_FORWARD = 20_000;
const PAGE = 1_000;

/** What is looked for. */
export interface LineSearch {
  readonly filter: Filter;
  readonly request: Pick<LokiRequest, 'start' | 'end'>;
  readonly limit: number;
  readonly isForward: boolean;
  readonly space: Pick<PageSpace, 'take'>;
  readonly signal: AbortSignal;
}

/** Lines that were found, and whether the scan budget or their bytes left out others. */
export interface FoundLines {
  /** In the direction asked for. */
  readonly entries: readonly Entry[];
  readonly isPartial: boolean;
}

/**
 * Finds the newest lines of a window, or the oldest: those are found behind all newer ones, so a window that is read forward is
 * bounded.
 *
 * @throws RequestError when there are too many to find the oldest.
 */
export async function findLines(reader: LogReader, search: LineSearch): Promise<FoundLines> {
  const { filter, request, limit, isForward, space, signal } = search;
  const window = windowOf(request);
  let found: Entry[] = [];
  let seen = 0;
  let cursor: Cursor | null = null;
  let hasRoom = true;
  do {
    const pageLimit = isForward ? PAGE : Math.min(PAGE, limit - found.length);
    const page = await reader.search(
      {
        filter,
        window,
        limit: Math.max(1, pageLimit),
        ...(cursor !== null && { cursor }),
        hasRoom: (entry) => {
          hasRoom = space.take(lineOf(entry));
          return hasRoom;
        },
      },
      { signal },
    );
    const within = page.entries.filter((entry) => isWithin(entry, request));
    found = [...within, ...found];
    seen += page.entries.length;
    if (isForward) {
      found = found.slice(0, limit);
      if (seen > MAX_FORWARD) {
        const message = `direction is "forward": the window has more than ${MAX_FORWARD} lines; allowed: a shorter window, or backward`;
        throw new RequestError('invalid_parameter', message, 'direction');
      }
    }
    if (page.nextCursor === null)
      return { entries: isForward ? found : found.reverse(), isPartial: page.reason !== undefined };
    if (page.partial) break;
    cursor = page.nextCursor;
  } while ((isForward || found.length < limit) && hasRoom);
  return { entries: isForward ? found : found.reverse(), isPartial: found.length < limit };
}

/** Beyond their milliseconds the bounds are nanoseconds, which stand for the order within one. */
function isWithin(
  { timestamp, order = 0 }: Entry,
  { start, end }: { readonly start: Moment; readonly end: Moment },
): boolean {
  if (timestamp === start.ms && order < start.ns) return false;
  return timestamp < end.ms || (timestamp === end.ms && order < end.ns);
}
