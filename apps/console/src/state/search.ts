import { signal } from '@preact/signals';
import { client, type Entry, type Query, type Trouble } from './api.js';
import { queryOf } from './filters.js';
import { followQuestion } from './question.js';
import { noted } from './session.js';
import { type Window, windowOf } from './time-range.js';
import { view } from './view.js';

/** Entries of a page; of the first one few, so that it is there at once. */
const PAGE = 500;
const FIRST_PAGE = 200;
/** Rows held at most. */
const MAX_ROWS = 100_000;

/** What a search has found so far. */
export interface Found {
  readonly state: 'loading' | 'ready' | 'failed';
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly window: Window;
  /** All matches, where the gateway counts them. */
  readonly total: number | null;
  readonly cursor: string | null;
  /** The gateway stopped looking before a page was full. */
  readonly partial: boolean;
  readonly trouble?: Trouble;
}

const NOTHING: Found = {
  state: 'loading',
  entries: [],
  window: { from: 0, to: 0 },
  total: null,
  cursor: null,
  partial: false,
};

export const found = signal<Found>(NOTHING);
/** Filters and window of the search that is shown, for histogram and facets. */
export const asked = signal<{ readonly query: Query; readonly window: Window } | undefined>(undefined);

let current = new AbortController().signal;
let isPaging = false;

/** Searches whenever what is looked for changes. */
export function followSearch(): void {
  followQuestion((ending) => void searchAnew(ending));
}

async function searchAnew(ending: AbortSignal): Promise<void> {
  current = ending;
  isPaging = false;
  const { page, range, filters, live } = view.value;
  if (page !== 'explore') return;
  const window = windowOf(range, Date.now());
  asked.value = { query: queryOf(filters), window };
  if (live) return;
  // What is shown stays until the answer is there: a list that blinks at every click is hard to read.
  found.value = { ...found.value, state: 'loading' };
  await loadPage({ ...NOTHING, window }, FIRST_PAGE, ending);
}

/** Loads older entries. */
export async function loadMore(): Promise<void> {
  const before = found.value;
  if (isPaging || before.state !== 'ready' || before.cursor === null) return;
  if (before.entries.length >= MAX_ROWS) return;
  const ending = current;
  isPaging = true;
  await loadPage(before, PAGE, ending);
  if (!ending.aborted) isPaging = false;
}

async function loadPage(before: Found, limit: number, ending: AbortSignal): Promise<void> {
  const { window, cursor } = before;
  const query = {
    ...queryOf(view.value.filters),
    from: new Date(window.from),
    to: new Date(window.to),
    limit,
    ...(cursor !== null && { cursor }),
  };
  const answer = await noted(client.search(query as Query, { signal: ending }), ending);
  if (answer === undefined) return;
  if ('trouble' in answer) {
    found.value = { ...before, state: 'failed', trouble: answer.trouble };
    return;
  }
  const { reply } = answer;
  found.value = {
    state: 'ready',
    entries: [...before.entries, ...reply.logs.reverse()],
    window,
    total: cursor === null ? reply.total : before.total,
    cursor: reply.next_cursor,
    partial: reply.partial,
  };
}
