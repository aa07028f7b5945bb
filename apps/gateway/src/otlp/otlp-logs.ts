import { setImmediate } from 'node:timers/promises';
import { type IntakeEntry, OtlpError, type OtlpLogs, type OtlpOutcome, readOtlpLogs } from '@tailrace/intake';
import type { EntryWriter } from '@tailrace/writer';
import { mediaTypeOf } from '../http/body/media-type.js';
import type { Handlers } from '../http/endpoints/handler.js';
import { RequestError } from '../http/errors/request-error.js';
import type { GatewayDeps } from '../http/gateway-env.js';
import { createWorkTurns } from '../http/work-turns.js';
import { otlpReply } from './otlp-reply.js';

/** Log records that are made into entries and written at a time: so many are held, however many there are. */
const BATCH_ENTRIES = 1_000;
/** How long the records of one request may keep all others waiting, in milliseconds. */
const SLICE_MS = 10;
/** Requests that are worked at; the bodies of the others wait. */
const MAX_AT_WORK = 2;

/** Answers `POST /v1/logs`: stores the log records of an OTLP request, and replies when they are stored. */
export function otlpHandlers({ writer, now = Date.now }: Pick<GatewayDeps, 'writer' | 'now'>) {
  const turns = createWorkTurns(MAX_AT_WORK);
  return {
    'POST /v1/logs': ({ c, bytes = Buffer.alloc(0) }) =>
      turns.run(async () => {
        const isJson = mediaTypeOf(c.req.raw) === 'application/json';
        const logs = readLogs(bytes, isJson ? 'json' : 'protobuf', now());
        return otlpReply(c, await store(logs, writer));
      }),
  } satisfies Partial<Handlers>;
}

/** @throws RequestError when the body is not one: nothing of it is stored then. */
function readLogs(bytes: Buffer, encoding: 'json' | 'protobuf', now: number): OtlpLogs {
  try {
    return readOtlpLogs(bytes, encoding, now);
  } catch (error) {
    if (!(error instanceof OtlpError)) throw error;
    throw new RequestError('invalid_body', `the body ${error.message}`);
  }
}

/** What was not stored of a request. */
export interface Refusals {
  readonly count: number;
  /** Why, for the first. */
  readonly first: string;
}

/** @returns what is refused for good; `undefined` when all is stored */
async function store(logs: OtlpLogs, writer: EntryWriter): Promise<Refusals | undefined> {
  let count = 0;
  let first = '';
  const refuse = (place: number, message: string) => {
    count += 1;
    if (count === 1) first = `log record ${place} of ${logs.count}: ${message}`;
  };
  let place = 0;
  for await (const outcomes of batches(logs.outcomes())) {
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
async function* batches(outcomes: Iterable<OtlpOutcome>): AsyncGenerator<readonly OtlpOutcome[]> {
  let batch: OtlpOutcome[] = [];
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
