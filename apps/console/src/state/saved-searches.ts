import { signal } from '@preact/signals';
import { client, type Trouble, troubleOf } from './api.js';
import { noteTrouble } from './session.js';
import { go, parseView, view, viewText } from './view.js';

type Searches = Awaited<ReturnType<typeof readOnce>>['searches'];

/** What the gateway keeps, by name; `undefined` until it has said it. */
export const savedSearches = signal<Searches | undefined>(undefined);
export const searchesTrouble = signal<Trouble | undefined>(undefined);

export function readSearches(): Promise<boolean> {
  return keep(readOnce());
}

/** Saves what is shown, without the entry that is open, under a name. @returns whether it is saved */
export function saveSearch(name: string): Promise<boolean> {
  return keep(client.ask('PUT /logs/searches/{name}', { path: { name }, body: { query: shownQuery() } }));
}

/** @returns whether it is removed */
export function removeSearch(name: string): Promise<boolean> {
  return keep(client.ask('DELETE /logs/searches/{name}', { path: { name } }));
}

/** Shows a saved search. */
export function showSearch({ query }: Searches[number]): void {
  go(parseView(`?${query}`));
}

/** What is shown as a saved search has it. */
export function shownQuery(): string {
  return viewText({ ...view.value, open: undefined }).slice(1);
}

function readOnce() {
  return client.ask('GET /logs/searches');
}

async function keep(call: ReturnType<typeof readOnce>): Promise<boolean> {
  try {
    savedSearches.value = (await call).searches;
    searchesTrouble.value = undefined;
    noteTrouble(undefined);
    return true;
  } catch (error) {
    searchesTrouble.value = troubleOf(error);
    return false;
  }
}
