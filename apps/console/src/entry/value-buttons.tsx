import { addFilter } from '../state/view.js';
import { filterFor } from './entry-filters.js';

/** Include and exclude the value of a field. */
export function ValueButtons({ field, value }: { readonly field: string; readonly value: unknown }) {
  const filter = filterFor(field, value);
  if (filter === undefined) return null;
  const shown = `${filter.name} ${filter.value.slice(0, 60)}`;
  return (
    <span class="value-buttons">
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
    </span>
  );
}
