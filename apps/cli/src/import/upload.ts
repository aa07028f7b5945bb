import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '@tailrace/client';
import type { Reason } from '@tailrace/intake';
import { type CallError, callErrorText, isCallError } from '../call-error.js';
import type { ReadLine } from './batches.js';
import type { PostEntries } from './post-entries.js';

/** What became of a batch. */
export interface BatchResult {
  /** The lines, those the gateway refused now with its reason. */
  readonly lines: readonly ReadLine[];
  /** Entries posted again although the first request may have arrived: they may be stored twice. */
  readonly repeated: number;
  /** The first id given. */
  readonly firstId?: string | undefined;
  /** Why the batch could not be sent; none of its lines counts as imported. */
  readonly failure?: CallError;
}

/** How patiently a batch is sent. */
export interface UploadOptions {
  /** After so long without success the import stops, in milliseconds. @default 30000 */
  readonly giveUpAfterMs: number;
  /** Pause before the first retry, doubled each time up to five seconds. @default 250 */
  readonly firstRetryMs: number;
}

/** @see UploadOptions */
export const DEFAULT_UPLOAD_OPTIONS: UploadOptions = { giveUpAfterMs: 30_000, firstRetryMs: 250 };

const LONGEST_RETRY_MS = 5_000;
/** Requests on their way at once: the gateway works while the next lines are read. */
const REQUESTS_IN_FLIGHT = 3;

/** Sends batches, several at once, and tells their results in order; stops after the first failure. */
export async function* uploadBatches(
  postEntries: PostEntries,
  batches: AsyncIterable<readonly ReadLine[]>,
  options: UploadOptions = DEFAULT_UPLOAD_OPTIONS,
): AsyncGenerator<BatchResult> {
  const inFlight: Promise<BatchResult>[] = [];
  let inputError: unknown;
  try {
    for await (const batch of batches) {
      inFlight.push(sendBatch(postEntries, batch, options));
      if (inFlight.length < REQUESTS_IN_FLIGHT) continue;
      const result = await (inFlight.shift() as Promise<BatchResult>);
      yield result;
      if (result.failure) break;
    }
  } catch (error) {
    inputError = error;
  }
  for (const result of inFlight) yield await result;
  if (inputError !== undefined) throw inputError;
}

async function sendBatch(
  postEntries: PostEntries,
  lines: readonly ReadLine[],
  options: UploadOptions,
): Promise<BatchResult> {
  const sendable = lines.filter((line) => line.json !== undefined);
  try {
    const { refused, repeated, firstId } = await post(postEntries, sendable, options);
    return { lines: lines.map((line) => refused.get(line) ?? line), repeated, firstId };
  } catch (error) {
    if (isCallError(error)) return { lines, repeated: 0, failure: error };
    throw error;
  }
}

interface Posted {
  /** Lines that were refused, and what is said of them. */
  readonly refused: ReadonlyMap<ReadLine, ReadLine>;
  readonly repeated: number;
  readonly firstId?: string | undefined;
}

/** A request that is refused whole (400, 413) is sent again in halves, until the one line at fault is found. */
async function post(
  postEntries: PostEntries,
  lines: readonly ReadLine[],
  options: UploadOptions,
): Promise<Posted> {
  if (lines.length === 0) return { refused: new Map(), repeated: 0 };
  try {
    return await postPatiently(postEntries, lines, options);
  } catch (error) {
    if (!isRefusedWhole(error)) throw error;
    const [only] = lines;
    if (lines.length === 1 && only) {
      const reason = { code: 'refused_by_gateway', message: callErrorText(error) };
      return { refused: new Map([[only, refusedLine(only, reason)]]), repeated: 0 };
    }
    const middle = Math.ceil(lines.length / 2);
    const first = await post(postEntries, lines.slice(0, middle), options);
    const second = await post(postEntries, lines.slice(middle), options);
    return {
      refused: new Map([...first.refused, ...second.refused]),
      repeated: first.repeated + second.repeated,
      firstId: first.firstId ?? second.firstId,
    };
  }
}

async function postPatiently(
  postEntries: PostEntries,
  lines: readonly ReadLine[],
  { giveUpAfterMs, firstRetryMs }: UploadOptions,
): Promise<Posted> {
  const body = `[${lines.map((line) => line.json).join(',')}]`;
  const deadline = Date.now() + giveUpAfterMs;
  let mayBeStored = false;
  for (let retryMs = firstRetryMs; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
    try {
      const reply = await postEntries(body);
      const refused = reply.refused.flatMap(({ index, code, message }) => {
        const line = lines[index];
        return line ? [[line, refusedLine(line, { code, message })] as const] : [];
      });
      return {
        refused: new Map(refused),
        repeated: mayBeStored ? lines.length : 0,
        firstId: reply.ids.find((id) => id !== null),
      };
    } catch (error) {
      if (!isCallError(error) || !error.mayPass || Date.now() + retryMs > deadline) throw error;
      mayBeStored ||= error.mayHaveArrived;
      await sleep(retryMs);
    }
  }
}

/** A time that was moved is named as it stands in the file too. */
function refusedLine(line: ReadLine, { code, message }: Reason): ReadLine {
  const { json: _, repaired: __, originalTime, ...place } = line;
  const original =
    originalTime === undefined ? '' : ` (in the file: ${new Date(originalTime).toISOString()})`;
  return { ...place, refused: { code, message: `${message}${original}` } };
}

function isRefusedWhole(error: unknown): error is GatewayError {
  // What is wrong with the parameters is wrong with every part.
  if (!(error instanceof GatewayError) || error.code === 'invalid_parameter') return false;
  return error.status === 400 || error.status === 413;
}
