import { type IntakeEntry, type Line, type LineResult, parseLine, type Reason } from '@tailrace/intake';

/** A line that has been read, with its entry as JSON when it has one. */
export interface ReadLine {
  readonly number: number;
  readonly text: string | undefined;
  readonly json?: string;
  readonly refused?: Reason;
  readonly repaired?: Reason;
}

/** Entries a request carries at most. */
export const MAX_BATCH_ENTRIES = 500;
/** A batch is full at so many characters of JSON, far below the 10 MB bodies may have. */
const MAX_BATCH_LENGTH = 1024 * 1024;

/**
 * Parses lines and gathers them into batches for one request each, refused lines in their places.
 *
 * @param shiftMs added to every time a line has
 * @param now the time of lines that have none, epoch milliseconds
 * @param finish what else becomes of an entry
 */
export async function* readBatches(
  lines: AsyncIterable<Line>,
  shiftMs: number,
  now: number,
  finish: (entry: IntakeEntry) => IntakeEntry = (entry) => entry,
): AsyncGenerator<readonly ReadLine[]> {
  let batch: ReadLine[] = [];
  let length = 0;
  for await (const { number, text } of lines) {
    const line = { number, text, ...jsonOf(parseLine(text), shiftMs, now, finish) };
    batch.push(line);
    length += (line.json ?? text ?? '').length;
    if (batch.length < MAX_BATCH_ENTRIES && length < MAX_BATCH_LENGTH) continue;
    yield batch;
    batch = [];
    length = 0;
  }
  if (batch.length > 0) yield batch;
}

/** @returns the newest time any line has, or `undefined` when none has one. */
export async function newestTime(lines: AsyncIterable<Line>): Promise<number | undefined> {
  let newest: number | undefined;
  for await (const { text } of lines) {
    const result = parseLine(text);
    const time = 'entry' in result ? result.entry.timestamp : undefined;
    if (time !== undefined && !(newest !== undefined && newest >= time)) newest = time;
  }
  return newest;
}

function jsonOf(
  result: LineResult,
  shiftMs: number,
  now: number,
  finish: (entry: IntakeEntry) => IntakeEntry,
): Omit<ReadLine, 'number' | 'text'> {
  if ('refused' in result) return result;
  const { entry, repaired } = result;
  const timestamp = entry.timestamp === undefined ? now : entry.timestamp + shiftMs;
  return { json: JSON.stringify(finish({ ...entry, timestamp })), ...(repaired && { repaired }) };
}
