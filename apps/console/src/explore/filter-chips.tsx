import { visibleText } from '../entry/visible-text.js';
import type { Filter } from '../state/filters.js';
import { go, view } from '../state/view.js';

/** The conditions of the search: a click on one negates it, its cross removes it. */
export function FilterChips() {
  const { filters } = view.value;
  if (filters.length === 0) return null;
  const change = (filter: Filter, to: readonly Filter[]) =>
    go({ filters: filters.flatMap((one) => (one === filter ? to : [one])) });
  return (
    <ul class="chips" aria-label="Filters">
      {filters.map((filter) => {
        const { name, value, not } = filter;
        const shown = visibleText(value.length > 80 ? `${value.slice(0, 80)}…` : value);
        return (
          <li key={`${name}${value}`} class={not ? 'chip not' : 'chip'}>
            <button
              type="button"
              title={not ? 'Take only these' : 'Take all but these'}
              aria-label={`${name} ${not ? '≠' : '='} ${shown}: negate`}
              onClick={() => change(filter, [{ ...filter, not: !not }])}
            >
              <span class="name">{name}</span> <span class="is">{not ? '≠' : '='}</span>{' '}
              <span class="value">{shown}</span>
            </button>
            <button
              type="button"
              class="remove"
              aria-label={`Remove ${name} ${shown}`}
              onClick={() => change(filter, [])}
            >
              ×
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" class="quiet" onClick={() => go({ filters: [] })}>
          Clear all
        </button>
      </li>
    </ul>
  );
}
