import { columnsOf, isColumn } from '../state/columns.js';
import type { Filter } from '../state/filters.js';
import { addFilter, go, view } from '../state/view.js';
import { filterFor } from './entry-filters.js';

/** Include and exclude the value of a field, and its column in the list. */
export function ValueButtons({ field, value }: { readonly field: string; readonly value: unknown }) {
  const filter = filterFor(field, value);
  return (
    <span class="value-buttons">
      {filter !== undefined && <FilterButtons filter={filter} />}
      {isColumn(field) && field !== 'message' && <ColumnButton field={field} />}
    </span>
  );
}

function ColumnButton({ field }: { readonly field: string }) {
  const columns = columnsOf(view.value);
  const isShown = columns.includes(field);
  const label = isShown ? `Remove column ${field}` : `Show ${field} as a column`;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isShown}
      disabled={isShown && columns.length === 1}
      onClick={() =>
        go(
          { columns: isShown ? columns.filter((one) => one !== field) : withColumn(columns, field) },
          { replace: true },
        )
      }
    >
      ▥
    </button>
  );
}

/** Before the message, which takes what is left of the width. */
function withColumn(columns: readonly string[], added: string): string[] {
  const at = columns.at(-1) === 'message' ? columns.length - 1 : columns.length;
  return [...columns.slice(0, at), added, ...columns.slice(at)];
}

function FilterButtons({ filter }: { readonly filter: Omit<Filter, 'not'> }) {
  const shown = `${filter.name} ${filter.value.slice(0, 60)}`;
  return (
    <>
      <button
        type="button"
        aria-label={`Only ${shown}`}
        title={`Only ${shown}`}
        onClick={() => addFilter({ ...filter, not: false })}
      >
        +
      </button>
      {filter.name !== 'min_ms' && (
        <button
          type="button"
          aria-label={`Without ${shown}`}
          title={`Without ${shown}`}
          onClick={() => addFilter({ ...filter, not: true })}
        >
          −
        </button>
      )}
    </>
  );
}
