import { setImmediate } from 'node:timers/promises';
import type { IntakeEntry, Reason } from '@tailrace/intake';
import type { EntryWriter } from '@tailrace/writer';

/** Log records that are made into entries and written at a time: so many are held, however many there are. */
const BATCH_ENTRIES = 1_000;
/** How long the records of one request may keep all others waiting, in milliseconds. */
const SLICE_MS = 10;

/** What became of one log record: an entry, or why it is none. */
export type SentOutcome = { readonly entry: IntakeEntry } | { readonly refused: Reason };

/** The log records of a request. */
export interface Sent {
  readonly count: number;
  outcomes(): Iterable<SentOutcome>;
}

/** What was not stored of a request. */
export interface Refusals {
  readonly count: number;
  /** Why, for the first. */
  readonly first: string;
}

/**
 * Stores what a request of another protocol brings, a batch at a time.
 *
 * @returns what is refused for good; `undefined` when all is stored
 */
export async function storeOutcomes(sent: Sent, writer: EntryWriter): Promise<Refusals | undefined> {
  let count = 0;
  let first = '';
  const refuse = (place: number, message: string) => {
    count += 1;
    if (count === 1) first = `log record ${place} of ${sent.count}: ${message}`;
  };
  let place = 0;
  for await (const outcomes of batches(sent.outcomes())) {
    const entries = outcomes.flatMap((outcome): IntakeEntry[] => ('entry' in outcome ? [outcome.entry] : []));
    const results = (await writer.write(entries)).values();
    for (const outcome of outcomes) {
      place += 1;
      if ('refused' in outcome) refuse(place, outcome.refused.message);
      else {
        const { value } = results.next();
        if (value !== undefined && 'refused' in value) refuse(place, value.refused.message);
      }
    }
  }
  return count === 0 ? undefined : { count, first };
}

/** What waits for the same process has its turn in between. */
async function* batches(outcomes: Iterable<SentOutcome>): AsyncGenerator<readonly SentOutcome[]> {
  let batch: SentOutcome[] = [];
  let began = performance.now();
  for (const outcome of outcomes) {
    batch.push(outcome);
    if (batch.length === BATCH_ENTRIES) {
      yield batch;
      batch = [];
      began = performance.now();
    } else if (performance.now() - began >= SLICE_MS) {
      await setImmediate();
      began = performance.now();
    }
  }
  if (batch.length > 0) yield batch;
}
