import { useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { PopoverButton } from '../shell/popover-button.js';
import {
  readSearches,
  removeSearch,
  savedSearches,
  saveSearch,
  searchesTrouble,
  shownQuery,
  showSearch,
} from '../state/saved-searches.js';
import { may } from '../state/session.js';

/** Searches with names, which the gateway keeps for everyone. */
export function SavedList() {
  return (
    <PopoverButton label="Saved" class="saved" opened={() => void readSearches()}>
      {(close) => <Searches close={close} />}
    </PopoverButton>
  );
}

function Searches({ close }: { readonly close: () => void }) {
  const all = savedSearches.value;
  const shown = shownQuery();
  return (
    <>
      {all === undefined && searchesTrouble.value === undefined && <p class="hint">Reading…</p>}
      {all?.length === 0 && <p class="hint">Nothing is saved yet.</p>}
      {all !== undefined && all.length > 0 && (
        <ul>
          {all.map((search) => (
            <li key={search.name}>
              <button
                type="button"
                class="pick"
                title={lineOf(search.query === '' ? 'Everything of the last hour' : search.query, 200)}
                aria-current={search.query === shown}
                onClick={() => {
                  showSearch(search);
                  close();
                }}
              >
                {lineOf(search.name, 80)}
              </button>
              {may('write') && (
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove the saved search ${lineOf(search.name, 80)}`}
                  title="Remove"
                  onClick={() => void removeSearch(search.name)}
                >
                  ×
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {may('write') ? (
        <SaveForm close={close} />
      ) : (
        <p class="hint">Saving needs a token of scope write or admin.</p>
      )}
      {searchesTrouble.value !== undefined && (
        <p class="hint bad" role="alert">
          {searchesTrouble.value.message}
        </p>
      )}
    </>
  );
}

function SaveForm({ close }: { readonly close: () => void }) {
  const [name, setName] = useState('');
  const isThere = savedSearches.value?.some((search) => search.name === name.trim());
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (await saveSearch(name.trim())) close();
      }}
    >
      <label for="search-name">Save what is shown as</label>
      <input
        id="search-name"
        value={name}
        maxLength={80}
        required
        autocomplete="off"
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <button type="submit" class="primary" disabled={name.trim() === ''}>
        {isThere ? 'Replace' : 'Save'}
      </button>
    </form>
  );
}
