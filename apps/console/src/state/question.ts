import { effect, signal, untracked } from '@preact/signals';
import { searchKey } from './view.js';

/** Grows when the same is asked anew. */
export const refreshes = signal(0);

/** Asks anew for all that is shown. */
export function refresh(): void {
  refreshes.value += 1;
}

/**
 * Asks whenever what is looked for changes, or is asked anew.
 *
 * @param ask the signal ends it when the next question comes
 * @returns asks the same question once more
 */
export function followQuestion(ask: (ending: AbortSignal) => void): () => void {
  let ending = new AbortController();
  effect(() => {
    searchKey.value;
    refreshes.value;
    ending.abort();
    ending = new AbortController();
    untracked(() => ask(ending.signal));
  });
  return () => ask(ending.signal);
}
