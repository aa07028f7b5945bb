import { lineOf } from '../entry/visible-text.js';
import { addFilter, go, view } from '../state/view.js';
import { FACET_FIELDS, facets, facetsTrouble } from './facets-state.js';

const TITLES: Readonly<Record<string, string>> = { ip: 'client IP', path: 'path' };

/** The most frequent values beside the list; a click filters. */
export function FacetsList() {
  const counted = facets.value;
  if (counted === undefined) {
    return (
      <p class="hint">{facetsTrouble.value === undefined ? 'Counting…' : facetsTrouble.value.message}</p>
    );
  }
  const fields = FACET_FIELDS.filter((field) => (counted.facets[field]?.length ?? 0) > 0);
  return (
    <>
      {fields.map((field) => (
        <Facet key={field} field={field} values={counted.facets[field] ?? []} />
      ))}
      {fields.length === 0 && <p class="hint">Nothing to count in this window.</p>}
      {counted.note !== null && <p class="hint">{counted.note}</p>}
    </>
  );
}

function Facet({
  field,
  values,
}: {
  readonly field: string;
  readonly values: readonly { value: string; count: number }[];
}) {
  const most = Math.max(1, ...values.map(({ count }) => count));
  const { filters } = view.value;
  return (
    <details class="facet" open>
      <summary>{TITLES[field] ?? field}</summary>
      <ul>
        {values.map(({ value, count }) => {
          const isOn = filters.some((one) => one.name === field && one.value === value && !one.not);
          const shown = lineOf(value, 60);
          return (
            <li key={value} class={isOn ? 'on' : ''}>
              <span class="share">
                <span style={{ width: `${(count / most) * 100}%` }} />
              </span>
              <button
                type="button"
                class="pick"
                title={shown}
                aria-pressed={isOn}
                onClick={() =>
                  isOn
                    ? go({ filters: filters.filter((one) => one.name !== field || one.value !== value) })
                    : addFilter({ name: field, value, not: false })
                }
              >
                <span class={field === 'level' ? `dot ${value}` : ''}>{shown}</span>
                <span class="count">{count.toLocaleString()}</span>
              </button>
              <button
                type="button"
                class="without"
                aria-label={`Without ${field} ${shown}`}
                onClick={() => addFilter({ name: field, value, not: true })}
              >
                −
              </button>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
