import { effect, signal, untracked } from '@preact/signals';
import type { StreamEvent } from '@tailrace/client';
import { client, type Entry, type Trouble, troubleOf } from '../state/api.js';
import { queryOf } from '../state/filters.js';
import { noteTrouble } from '../state/session.js';
import { searchKey, view } from '../state/view.js';
import type { Row } from './live-row.js';

/** Rows kept, and rows that may wait; of more the oldest go. A tab that is open overnight must not grow. */
const MAX_ROWS = 5_000;
const MAX_WAITING = 5_000;
/** Entries that were there before, shown at the start. */
const FIRST_ENTRIES = 200;
/** Rows are drawn so often at most. */
const DRAW_MS = 100;

/** Newest first. */
export const liveRows = signal<readonly Row[]>([]);
export const isPaused = signal(false);
/** How many rows wait while paused. */
export const waitingCount = signal(0);
export const liveTrouble = signal<Trouble | undefined>(undefined);
/** Errors that came while nobody looked at the tab. */
export const unreadErrors = signal(0);

/** Oldest first. */
let waiting: Row[] = [];
let lost = 0;
let keys = 0;
let isDrawDue = false;

/** Follows what is written while the view is live. */
export function followLive(): void {
  let ending = new AbortController();
  effect(() => {
    searchKey.value;
    ending.abort();
    ending = new AbortController();
    untracked(() => {
      waiting = [];
      lost = 0;
      waitingCount.value = 0;
      isPaused.value = false;
      liveTrouble.value = undefined;
      liveRows.value = [];
      if (view.value.live) void follow(ending.signal);
    });
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) unreadErrors.value = 0;
  });
  effect(() => {
    const count = unreadErrors.value;
    document.title = count === 0 ? 'Tailrace' : `(${count > 999 ? '999+' : count}) Tailrace`;
  });
}

/** Shows what waits, and goes on. */
export function resume(): void {
  isPaused.value = false;
  show();
}

async function follow(ending: AbortSignal): Promise<void> {
  try {
    const query = { ...queryOf(view.value.filters), tail: FIRST_ENTRIES };
    for await (const event of client.stream(query as Parameters<typeof client.stream>[0], {
      signal: ending,
    })) {
      noteTrouble(undefined);
      take(event);
    }
  } catch (error) {
    const trouble = troubleOf(error, ending);
    if (trouble === undefined) return;
    noteTrouble(trouble);
    liveTrouble.value = trouble;
  }
}

function take(event: StreamEvent): void {
  const row = rowOf(event);
  waiting.push(row);
  if (waiting.length > MAX_WAITING) {
    lost += waiting.length - MAX_WAITING;
    waiting.splice(0, waiting.length - MAX_WAITING);
  }
  if (isPaused.value) waitingCount.value = waiting.length + lost;
  if (row.entry !== undefined && document.hidden && isError(row.entry)) unreadErrors.value += 1;
  if (isDrawDue) return;
  isDrawDue = true;
  setTimeout(() => {
    isDrawDue = false;
    if (!isPaused.value) show();
  }, DRAW_MS);
}

function show(): void {
  if (waiting.length === 0 && lost === 0) return;
  if (lost > 0)
    waiting.unshift(
      note(
        `${lost.toLocaleString()} entries came while this was paused and are not kept here; search has them`,
        'bad',
      ),
    );
  liveRows.value = [...waiting.reverse(), ...liveRows.value].slice(0, MAX_ROWS);
  waiting = [];
  lost = 0;
  waitingCount.value = 0;
}

function rowOf(event: StreamEvent): Row {
  switch (event.type) {
    case 'entry':
      return { key: event.entry.id, entry: event.entry };
    case 'missed':
      return note(
        `${event.count.toLocaleString()} matching entries were left out: this page read too slowly`,
        'bad',
      );
    case 'gap':
      return note(`Gap: ${gapText(event.reason, event.entries)}`, 'bad');
    case 'status':
      return event.redis === 'available'
        ? note('The gateway reaches its store again', 'good')
        : note('The gateway does not reach its store; nothing comes until it does', 'bad');
    case 'connection':
      return event.state === 'lost'
        ? note('Connection to the gateway lost; connecting again', 'bad')
        : note('Connected again; nothing was missed unless a gap follows', 'good');
  }
}

function gapText(reason: string, entries: number | null): string {
  const many =
    entries === null ? 'an unknown number of entries' : `${entries.toLocaleString()} entries of any filter`;
  return reason === 'restarted'
    ? `the stream was begun anew, ${many} can no longer be followed`
    : `${many} are older than what the stream keeps; search has them`;
}

function note(text: string, tone: 'bad' | 'good'): Row {
  keys += 1;
  return { key: `note-${keys}`, text, tone };
}

function isError({ level, status_code: status = 0 }: Entry): boolean {
  return level === 'ERROR' || level === 'CRITICAL' || status >= 500;
}
