import { setImmediate } from 'node:timers/promises';
import { type IngestReply, MAX_ENTRIES_PER_REQUEST } from '@tailrace/api';
import { Intake, type Outcome, readLines } from '@tailrace/intake';
import { RequestError } from '../http/errors/request-error.js';
import { shownValue } from '../http/errors/shown-value.js';
import type { SentEntry, WriteOnce } from './write-once.js';

/** How long the lines of one request may keep all others waiting, in milliseconds. */
const SLICE_MS = 10;
/** So much of a line that is refused is replied. */
const SHOWN_CHARACTERS = 200;

/**
 * Reads the lines of a log, each by its format, and writes their entries. A line that is not understood is refused like an
 * entry that is too old: the others are stored.
 *
 * @throws RequestError when there are too many, or a web page of another origin sends them.
 */
export async function ingestLines(
  request: Request,
  body: Buffer,
  writeOnce: WriteOnce,
): Promise<IngestReply> {
  checkOrigin(request);
  const outcomes = await readOutcomes(body);
  const entries = outcomes.flatMap((outcome): SentEntry[] =>
    'entry' in outcome ? [{ entry: outcome.entry }] : [],
  );
  const results = await writeOnce(request, () => body, entries);
  const refused: IngestReply['refused'] = [];
  let written = 0;
  const ids = outcomes.map((outcome, index) => {
    if ('refused' in outcome) {
      refused.push({ index, line: outcome.line, code: 'line_not_understood', message: messageOf(outcome) });
      return null;
    }
    const result = results[written] as (typeof results)[number];
    written += 1;
    if ('id' in result) return result.id;
    refused.push({ index, line: outcome.line, ...result.refused });
    return null;
  });
  return { accepted: ids.length - refused.length, ids, refused };
}

async function readOutcomes(body: Buffer): Promise<readonly Outcome[]> {
  const intake = new Intake({ now: Date.now() });
  const outcomes: Outcome[] = [];
  const add = (more: readonly Outcome[]) => {
    outcomes.push(...more);
    if (outcomes.length > MAX_ENTRIES_PER_REQUEST) {
      const message = `the body has more than ${MAX_ENTRIES_PER_REQUEST} entries; allowed: ${MAX_ENTRIES_PER_REQUEST} in one request`;
      throw new RequestError('invalid_body', message);
    }
  };
  async function* source() {
    yield body;
  }
  let began = performance.now();
  for await (const line of readLines(source())) {
    add(intake.push(line));
    if (performance.now() - began < SLICE_MS) continue;
    await setImmediate();
    began = performance.now();
  }
  add(intake.end());
  return outcomes;
}

function messageOf(outcome: Extract<Outcome, { readonly refused: unknown }>): string {
  const { line, text = '', refused } = outcome;
  return `line ${line} is ${shownValue(text.slice(0, SHOWN_CHARACTERS))}: ${refused.message} (${refused.code})`;
}

/** A web page may send text anywhere without asking first (CORS); only its own gateway takes it. */
function checkOrigin(request: Request): void {
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  const isOwn =
    origin === null || (URL.canParse(origin) && new URL(origin).host === request.headers.get('host'));
  if (isOwn && (site === null || site === 'same-origin' || site === 'none')) return;
  const message = `origin is ${shownValue(origin ?? site ?? '')}; allowed: text from no web page but the gateway's own`;
  throw new RequestError('forbidden', message, 'origin');
}
