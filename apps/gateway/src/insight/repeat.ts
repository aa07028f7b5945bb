import { setTimeout as sleep } from 'node:timers/promises';

/** @see repeat */
export interface RepeatOptions {
  /** Milliseconds between the end of one run and the begin of the next. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
  /** Told why a run failed, once as long as the reason is the same. */
  readonly report: (text: string) => void;
}

/** Runs something again and again until the signal is aborted; resolves when the last run is over. Never rejects. */
export async function repeat(
  run: () => Promise<unknown>,
  { everyMs, signal, report }: RepeatOptions,
): Promise<void> {
  let failure = '';
  while (!signal.aborted) {
    try {
      await run();
      failure = '';
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (!signal.aborted && message !== failure) report(message);
      failure = message;
    }
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
