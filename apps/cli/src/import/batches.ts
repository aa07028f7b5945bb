import {
  Intake,
  type IntakeEntry,
  type IntakeOptions,
  type Line,
  type Outcome,
  type Reason,
} from '@tailrace/intake';

/** A line that has been read, or a part of one, with its entry as JSON when it has one. */
export interface ReadLine {
  readonly number: number;
  /** The file's name, where several are imported. */
  readonly file?: string | undefined;
  readonly text: string | undefined;
  readonly json?: string;
  readonly refused?: Reason;
  readonly repaired?: readonly Reason[] | undefined;
  /** The time in the file, epoch milliseconds, where another one is sent. */
  readonly originalTime?: number | undefined;
}

/** A batch is full at so many characters of JSON, far below the 10 MB bodies may have. */
const MAX_BATCH_LENGTH = 1024 * 1024;

/** What becomes of the entries of a file. */
export interface BatchOptions {
  readonly intake: IntakeOptions;
  /** @see ReadLine.file */
  readonly file?: string | undefined;
  /** Told of each line before it is read. */
  readonly seen?: ((line: Line) => void) | undefined;
  /** Added to every time a line has. */
  readonly shiftMs: number;
  /** The time of lines that have none, epoch milliseconds. */
  readonly now: number;
  /** Entries of a batch, at most. */
  readonly maxEntries: number;
  /** What else becomes of an entry. */
  readonly finish?: ((entry: IntakeEntry) => IntakeEntry) | undefined;
}

/** Reads lines and gathers them into batches for one request each, refused lines in their places. */
export async function* readBatches(
  lines: AsyncIterable<Line>,
  options: BatchOptions,
): AsyncGenerator<readonly ReadLine[]> {
  const intake = new Intake(options.intake);
  let batch: ReadLine[] = [];
  let length = 0;
  let failure: unknown;
  try {
    for await (const line of lines) {
      options.seen?.(line);
      add(intake.push(line));
      if (isFull()) yield take();
    }
  } catch (error) {
    // What was read before the input broke off is imported.
    failure = error;
  }
  add(intake.end());
  if (batch.length > 0) yield take();
  if (failure !== undefined) throw failure;

  function add(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      const line = readLine(outcome, options);
      batch.push(line);
      length += (line.json ?? line.text ?? '').length;
    }
  }

  function isFull(): boolean {
    return batch.length >= options.maxEntries || length >= MAX_BATCH_LENGTH;
  }

  function take(): readonly ReadLine[] {
    const taken = batch;
    batch = [];
    length = 0;
    return taken;
  }
}

function readLine(outcome: Outcome, { shiftMs, now, finish, file }: BatchOptions): ReadLine {
  const place = { number: outcome.line, text: outcome.text, ...(file !== undefined && { file }) };
  if ('refused' in outcome) return { ...place, refused: outcome.refused };
  const { entry, repaired } = outcome;
  const timestamp = entry.timestamp === undefined ? now : entry.timestamp + shiftMs;
  const sent = { ...entry, timestamp };
  return {
    ...place,
    json: JSON.stringify(finish === undefined ? sent : finish(sent)),
    ...(repaired !== undefined && { repaired }),
    ...(shiftMs !== 0 && entry.timestamp !== undefined && { originalTime: entry.timestamp }),
  };
}
