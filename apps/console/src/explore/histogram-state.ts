import { effect, signal, untracked } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Trouble, troubleOf } from '../state/api.js';
import { asked } from '../state/search.js';

export const SPLITS = ['level', 'status'] as const;
/** What the bars are stacked by. */
export const split = signal<(typeof SPLITS)[number]>('level');
export const histogram = signal<Awaited<ReturnType<Client['histogram']>> | undefined>(undefined);
export const histogramTrouble = signal<Trouble | undefined>(undefined);

/** Bars of a chart. */
export const BUCKETS = 90;

/** Counts anew with each search. */
export function followHistogram(): void {
  let ending = new AbortController();
  effect(() => {
    const now = asked.value;
    const by = split.value;
    ending.abort();
    ending = new AbortController();
    if (now !== undefined) untracked(() => void count(now, by, ending.signal));
  });
}

async function count(
  { query, window }: NonNullable<typeof asked.value>,
  by: string,
  ending: AbortSignal,
): Promise<void> {
  try {
    const reply = await client.histogram(
      {
        ...query,
        from: new Date(window.from),
        to: new Date(window.to),
        buckets: BUCKETS,
        split: by,
      } as Parameters<Client['histogram']>[0],
      { signal: ending },
    );
    if (ending.aborted) return;
    histogram.value = reply;
    histogramTrouble.value = undefined;
  } catch (error) {
    const trouble = troubleOf(error, ending);
    if (trouble !== undefined) histogramTrouble.value = trouble;
  }
}
