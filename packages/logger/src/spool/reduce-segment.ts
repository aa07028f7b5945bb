import { type Reduction, takeOutNewest } from './shed-levels.js';
import { countEntries, encodeLine, lineEnd, openBody, readLine } from './spool-line.js';

/** The rest of a segment, and what of it was left out. */
export interface ReducedSegment {
  /** Its lines, without the header. Those left as they are share the memory of the segment they are from. */
  readonly lines: readonly Buffer[];
  readonly entries: number;
  readonly dropped: number;
  readonly freedBytes: number;
  readonly damagedRecords: number;
}

/**
 * Takes the records from `start` on without what is to be left out, and without damaged ones. Yields after every record:
 * who has the time gives the event loop a turn.
 *
 * @param untouchedUntil records before this place stay as they are
 * @param reduction `undefined` to leave nothing out
 */
export function* reduceSegment(
  segment: Buffer,
  start: number,
  untouchedUntil: number,
  reduction: Pick<Reduction, 'level' | 'excessBytes'> | undefined,
): Generator<undefined, ReducedSegment> {
  const lines: Buffer[] = [];
  let [entries, dropped, freedBytes, damagedRecords] = [0, 0, 0, 0];
  for (const at of placesOfLines(segment, start).reverse()) {
    const { end, body } = readLine(segment, at);
    const isDone = reduction === undefined || freedBytes >= reduction.excessBytes || at < untouchedUntil;
    if (body === undefined) damagedRecords++;
    else if (isDone) {
      entries += countEntries(body);
      lines.push(segment.subarray(at, end));
    } else {
      const chunk = openBody(body);
      const taken = takeOutNewest([chunk], reduction.level, reduction.excessBytes - freedBytes);
      const line = taken === 0 ? segment.subarray(at, end) : encodeLine(chunk);
      if (chunk.entries.length > 0) lines.push(line);
      entries += chunk.entries.length;
      dropped += taken;
      freedBytes += end - at - (chunk.entries.length > 0 ? line.length : 0);
    }
    yield;
  }
  return { lines: lines.reverse(), entries, dropped, freedBytes, damagedRecords };
}

function placesOfLines(segment: Buffer, start: number): number[] {
  const places: number[] = [];
  for (let at = start; at < segment.length; at = lineEnd(segment, at)) places.push(at);
  return places;
}
