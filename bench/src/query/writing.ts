import { fork } from 'node:child_process';
import { once } from 'node:events';

const SCRIPT = new URL('./writer.js', import.meta.url);
const RATE_SECONDS = 3;
const RATE_ROUNDS = 5;

/** Writes a sample of so many requests, whose hour ends at `now`. */
export async function loadEntries(url: string, count: number, now: number): Promise<void> {
  await run([url, 'load', count, now]);
}

/** Entries a second one writer writes, as fast as it can. */
export interface WritingRates {
  readonly alone: Rates;
  /** While `search` is called again and again. */
  readonly besideSearch: Rates;
}

/** Of several runs. */
export interface Rates {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Several runs, alone and beside a search in turns: what is stored already and what else runs slow both down alike. */
export async function writingRates(url: string, search: () => Promise<unknown>): Promise<WritingRates> {
  const alone: number[] = [];
  const besideSearch: number[] = [];
  for (let round = 0; round < RATE_ROUNDS; round++) {
    alone.push(await writeForAWhile(url));
    besideSearch.push(await writeForAWhile(url, search));
  }
  return { alone: summaryOf(alone), besideSearch: summaryOf(besideSearch) };
}

async function writeForAWhile(url: string, search?: () => Promise<unknown>): Promise<number> {
  let isWriting = true;
  const writing = run([url, 'rate', RATE_SECONDS]).finally(() => {
    isWriting = false;
  });
  while (search !== undefined && isWriting) await search();
  return writing;
}

function summaryOf(rates: number[]): Rates {
  rates.sort((a, b) => a - b);
  const at = (place: number) => rates.at(place) ?? Number.NaN;
  return { median: at(rates.length >> 1), lowest: at(0), highest: at(-1) };
}

async function run(args: readonly (string | number)[]): Promise<number> {
  const child = fork(SCRIPT, args.map(String));
  const ended = once(child, 'exit').then(([code]) =>
    Promise.reject(new Error(`the writer ended with code ${code}`)),
  );
  ended.catch(() => undefined);
  const [reply] = await Promise.race([once(child, 'message'), ended]);
  return Number(reply);
}
