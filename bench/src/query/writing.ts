import { fork } from 'node:child_process';
import { once } from 'node:events';

const SCRIPT = new URL('./writer.js', import.meta.url);
const RATE_SECONDS = 4;

/** Writes a sample of so many requests, whose hour ends at `now`. */
export async function loadEntries(url: string, count: number, now: number): Promise<void> {
  await run([url, 'load', count, now]);
}

/** Entries a second one writer writes, as fast as it can, while `search` is called again and again. */
export async function writingRate(url: string, search?: () => Promise<unknown>): Promise<number> {
  let isWriting = true;
  const writing = run([url, 'rate', RATE_SECONDS]).finally(() => {
    isWriting = false;
  });
  while (search !== undefined && isWriting) await search();
  return writing;
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
