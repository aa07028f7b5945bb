import { computed, effect, signal, untracked } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Trouble, troubleOf } from '../state/api.js';
import { asked } from '../state/search.js';
import { view } from '../state/view.js';
import { BUCKETS } from './histogram-state.js';

/** Response times of the search that is shown, part by part; `undefined` while nobody wants them. */
export const times = signal<Awaited<ReturnType<Client['times']>> | undefined>(undefined);
export const timesTrouble = signal<Trouble | undefined>(undefined);

const isWanted = computed(() => view.value.times);

/** Asks for response times with each search, while they are wanted. */
export function followTimes(): void {
  let ending = new AbortController();
  effect(() => {
    const now = asked.value;
    const wanted = isWanted.value;
    ending.abort();
    ending = new AbortController();
    untracked(() => {
      times.value = undefined;
      timesTrouble.value = undefined;
      if (now !== undefined && wanted) void ask(now, ending.signal);
    });
  });
}

async function ask({ query, window }: NonNullable<typeof asked.value>, ending: AbortSignal): Promise<void> {
  try {
    const reply = await client.times(
      {
        ...query,
        from: new Date(window.from),
        to: new Date(window.to),
        buckets: BUCKETS,
      } as Parameters<Client['times']>[0],
      { signal: ending },
    );
    if (!ending.aborted) times.value = reply;
  } catch (error) {
    if (!ending.aborted) timesTrouble.value = troubleOf(error, ending);
  }
}
