import { useState } from 'preact/hooks';
import { lineOf } from '../entry/visible-text.js';
import { COLUMN_NAMES, isColumn } from '../state/columns.js';
import { dataFields } from '../state/seen-fields.js';
import { go, view } from '../state/view.js';

const show = (columns: readonly string[] | undefined) => go({ columns }, { replace: true });

/** Which fields the list shows, and in which order. */
export function ColumnChoice({ columns }: { readonly columns: readonly string[] }) {
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const isWrong = name !== '' && !isColumn(name);
  const swapped = (at: number, step: number) => {
    const moved = [...columns];
    const [one, other] = [moved[at], moved[at + step]];
    if (one === undefined || other === undefined) return;
    moved[at] = other;
    moved[at + step] = one;
    show(moved);
  };
  const offered = [...COLUMN_NAMES, ...dataFields()].filter((one) => !columns.includes(one));
  return (
    <>
      <ol>
        {columns.map((one, at) => {
          const shown = lineOf(one, 40);
          return (
            <li key={one}>
              <span title={one}>{shown}</span>
              <button
                type="button"
                aria-label={`Move ${shown} to the left`}
                title="To the left"
                disabled={at === 0}
                onClick={() => swapped(at, -1)}
              >
                ↑
              </button>
              <button
                type="button"
                aria-label={`Move ${shown} to the right`}
                title="To the right"
                disabled={at === columns.length - 1}
                onClick={() => swapped(at, 1)}
              >
                ↓
              </button>
              <button
                type="button"
                aria-label={`Remove column ${shown}`}
                title="Remove"
                disabled={columns.length === 1}
                onClick={() => show(columns.filter((other) => other !== one))}
              >
                ×
              </button>
            </li>
          );
        })}
      </ol>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name === '' || isWrong) return;
          if (!columns.includes(name)) show([...columns, name]);
          setTyped('');
        }}
      >
        <label for="column-typed">Add a field</label>
        <input
          id="column-typed"
          list="column-names"
          value={typed}
          autocomplete="off"
          spellcheck={false}
          placeholder="client_ip, data.order.id"
          aria-invalid={isWrong}
          aria-describedby="column-hint"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <datalist id="column-names">
          {offered.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
        <p id="column-hint" class={isWrong ? 'hint bad' : 'hint'}>
          {isWrong ? 'No field of an entry. ' : ''}A field of entries, or a path of their data.
        </p>
        <div class="buttons">
          <button type="submit" class="primary" disabled={name === '' || isWrong}>
            Add
          </button>
          <button type="button" disabled={view.value.columns === undefined} onClick={() => show(undefined)}>
            Usual columns
          </button>
        </div>
      </form>
    </>
  );
}
