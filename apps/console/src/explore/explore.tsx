import { computed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { EntryPanel } from '../entry/entry-panel.js';
import type { Row } from '../live/live-row.js';
import { isPaused, liveRows, liveTrouble, resume, waitingCount } from '../live/live-state.js';
import { client, type Entry } from '../state/api.js';
import { columnsOf } from '../state/columns.js';
import { found, loadMore } from '../state/search.js';
import { go, view } from '../state/view.js';
import { EntryList } from './entry-list.js';
import { FacetsList } from './facets-list.js';
import { FilterChips } from './filter-chips.js';
import { Histogram } from './histogram.js';
import { ListForm } from './list-form.js';
import { ListState } from './list-state.js';
import { RefreshButton } from './refresh-button.js';
import { SavedList } from './saved-list.js';
import { SearchBar } from './search-bar.js';
import { TimePicker } from './time-picker.js';

const DAY_MS = 86_400_000;

/** The same list for as long as the entries are the same: with another one every row is measured anew. */
const foundRows = computed((): readonly Row[] =>
  found.value.entries.map((entry) => ({ key: entry.id, entry })),
);

/** Rows that are shown, newest first; keys of the page move among them. */
export function shownRows(): readonly Row[] {
  if (view.value.live) return liveRows.value;
  return foundRows.value;
}

/** Search, chart, counts, list and the entry that is open. */
export function Explore() {
  const { live, form, open } = view.value;
  const showsFacets = useSignal(false);
  const result = found.value;
  const rows = shownRows();
  const entry = useOpenEntry(open, rows);
  const close = () => go({ open: undefined }, { replace: true });
  return (
    <div class={`explore${entry === undefined ? '' : ' has-panel'}${showsFacets.value ? ' has-facets' : ''}`}>
      <div class="bar">
        <SearchBar />
        <TimePicker />
        <SavedList />
        <button
          type="button"
          class={live ? 'live on' : 'live'}
          aria-pressed={live}
          onClick={() => go({ live: !live })}
        >
          Live
        </button>
        <RefreshButton disabled={live} />
        <button
          type="button"
          class="facets-button"
          aria-expanded={showsFacets.value}
          onClick={() => {
            showsFacets.value = !showsFacets.value;
          }}
        >
          Fields
        </button>
      </div>
      <FilterChips />
      {!live && <Histogram />}
      <nav class="facets" aria-label="Counts by field">
        <FacetsList />
      </nav>
      <main class="results">
        <div class="list-head">
          {live ? <LiveState /> : <FoundState />}
          <ListForm />
        </div>
        <EntryList
          rows={rows}
          selected={open}
          form={form}
          columns={columnsOf(view.value)}
          withDate={!live && result.window.to - result.window.from > DAY_MS}
          isBusy={!live && result.state === 'loading'}
          open={(id) => go({ open: id }, { replace: open !== undefined })}
          {...(live
            ? {
                scrolled: (top: number) => {
                  if (top > 4) isPaused.value = true;
                  else if (isPaused.value && isNothingSelected()) resume();
                },
              }
            : { nearEnd: () => void loadMore() })}
        />
        <ListState rows={rows.length} />
      </main>
      {entry !== undefined && <EntryPanel entry={entry} close={close} />}
    </div>
  );
}

function FoundState() {
  const { state, entries, total, cursor, partial } = found.value;
  const many = total === null ? '' : ` of ${total.toLocaleString()}`;
  return (
    <div class="count" role="status">
      {state === 'loading' ? 'Searching…' : `${entries.length.toLocaleString()}${many} shown, newest first`}
      {state === 'ready' && partial && (
        <span class="warn">
          The search stopped at its budget;{' '}
          <button type="button" onClick={() => void loadMore()}>
            look further back
          </button>
        </span>
      )}
      {state === 'ready' && !partial && cursor !== null && <span class="hint">scroll for older</span>}
    </div>
  );
}

function LiveState() {
  const paused = isPaused.value;
  useEffect(() => {
    const pause = () => {
      if (!isNothingSelected()) isPaused.value = true;
    };
    document.addEventListener('selectionchange', pause);
    return () => document.removeEventListener('selectionchange', pause);
  }, []);
  return (
    <div class="count" role="status">
      {paused ? (
        <>
          <span class="warn">Paused</span>
          <button
            type="button"
            class="primary"
            onClick={() => {
              getSelection()?.removeAllRanges();
              document.querySelector('.list')?.scrollTo({ top: 0 });
              resume();
            }}
          >
            {`${waitingCount.value.toLocaleString()} wait: show them`}
          </button>
        </>
      ) : (
        <>
          <span class="pulse" aria-hidden="true" />
          Following; scroll away from the newest, or select text, to pause
        </>
      )}
      {liveTrouble.value !== undefined && <span class="bad">{liveTrouble.value.message}</span>}
    </div>
  );
}

function isNothingSelected(): boolean {
  const selection = getSelection();
  return (
    selection === null ||
    selection.isCollapsed ||
    !document.querySelector('.list')?.contains(selection.anchorNode)
  );
}

/** The open entry: of the list, or else as the gateway has it, since a link may name one that is not loaded. */
function useOpenEntry(id: string | undefined, rows: readonly Row[]): Entry | undefined {
  const fetched = useSignal<Entry | undefined>(undefined);
  const listed = id === undefined ? undefined : rows.find(({ key }) => key === id)?.entry;
  useEffect(() => {
    if (id === undefined || listed !== undefined || fetched.value?.id === id) return;
    const ending = new AbortController();
    client.entry(id, { signal: ending.signal }).then(
      (entry) => {
        fetched.value = entry;
      },
      () => {},
    );
    return () => ending.abort();
  }, [id, listed === undefined]);
  if (listed !== undefined) fetched.value = listed;
  return listed ?? (fetched.value?.id === id ? fetched.value : undefined);
}
