import { computed, effect, signal, untracked } from '@preact/signals';
import type { Client } from '@tailrace/client';
import { client, type Trouble, troubleOf } from '../state/api.js';
import { USUAL_FACETS } from '../state/facet-names.js';
import { asked } from '../state/search.js';
import { view } from '../state/view.js';

/** Counts of the most frequent values under the filter that is shown. */
export const facets = signal<Awaited<ReturnType<Client['facets']>> | undefined>(undefined);
export const facetsTrouble = signal<Trouble | undefined>(undefined);

const addedKey = computed(() => view.value.facets.join(','));

/** Fields beside the list: the usual ones, and those somebody added. */
export function facetFields(): readonly string[] {
  return [...USUAL_FACETS, ...view.value.facets];
}

const VALUES = 8;

/** Counts anew with each search. */
export function followFacets(): void {
  let ending = new AbortController();
  effect(() => {
    const now = asked.value;
    addedKey.value;
    ending.abort();
    ending = new AbortController();
    if (now !== undefined) untracked(() => void count(now, ending.signal));
  });
}

async function count({ query, window }: NonNullable<typeof asked.value>, ending: AbortSignal): Promise<void> {
  try {
    const reply = await client.facets(
      {
        ...query,
        from: new Date(window.from),
        to: new Date(window.to),
        fields: facetFields().join(','),
        limit: VALUES,
      } as Parameters<Client['facets']>[0],
      { signal: ending },
    );
    if (ending.aborted) return;
    facets.value = reply;
    facetsTrouble.value = undefined;
  } catch (error) {
    const trouble = troubleOf(error, ending);
    if (trouble !== undefined) facetsTrouble.value = trouble;
  }
}
