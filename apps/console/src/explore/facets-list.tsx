import { useState } from 'preact/hooks';
import { dataValue } from '../entry/entry-filters.js';
import { lineOf } from '../entry/visible-text.js';
import { isFacetName, OTHER_FACETS, USUAL_FACETS } from '../state/facet-names.js';
import { type Filter, withFilter } from '../state/filters.js';
import { patternFilters } from '../state/pattern-filters.js';
import { dataFields } from '../state/seen-fields.js';
import { go, view } from '../state/view.js';
import { facetFields, facets, facetsTrouble } from './facets-state.js';

const TITLES: Readonly<Record<string, string>> = { ip: 'client IP', pattern: 'path pattern' };

/** The most frequent values beside the list; a click filters. */
export function FacetsList() {
  const counted = facets.value;
  if (counted === undefined) {
    return (
      <p class="hint">{facetsTrouble.value === undefined ? 'Counting…' : facetsTrouble.value.message}</p>
    );
  }
  const fields = facetFields().filter(
    (field) => !USUAL_FACETS.includes(field) || (counted.facets[field]?.length ?? 0) > 0,
  );
  return (
    <>
      {fields.map((field) => (
        <Facet key={field} field={field} values={counted.facets[field] ?? []} />
      ))}
      {fields.length === 0 && <p class="hint">Nothing to count in this window.</p>}
      {counted.note !== null && <p class="hint">{counted.note}</p>}
      <AddFacet />
    </>
  );
}

interface FacetProps {
  readonly field: string;
  readonly values: readonly { value: string; count: number }[];
}

function Facet({ field, values }: FacetProps) {
  const most = Math.max(1, ...values.map(({ count }) => count));
  const isAdded = !USUAL_FACETS.includes(field);
  const title = lineOf(TITLES[field] ?? field, 60);
  return (
    <details class="facet" open>
      <summary>
        {title}
        {isAdded && (
          <button
            type="button"
            class="remove"
            aria-label={`Do not count ${title}`}
            title="Do not count it"
            onClick={(event) => {
              event.preventDefault();
              go({ facets: view.value.facets.filter((one) => one !== field) }, { replace: true });
            }}
          >
            ×
          </button>
        )}
      </summary>
      {values.length === 0 && <p class="hint">No entry has it.</p>}
      <ul>
        {values.map(({ value, count }) => (
          <FacetValue key={value} field={field} value={value} count={count} share={count / most} />
        ))}
      </ul>
    </details>
  );
}

function FacetValue({
  field,
  value,
  count,
  share,
}: {
  readonly field: string;
  readonly value: string;
  readonly count: number;
  readonly share: number;
}) {
  const { filters } = view.value;
  const wanted = filtersOf(field, value);
  const isOn = wanted.length > 0 && wanted.every((one) => filters.some((other) => isSame(one, other)));
  const shown = lineOf(field === 'pattern' ? value.replace(':', ' ') : value, 60);
  const isFilter = wanted.length > 0;
  return (
    <li class={isOn ? 'on' : ''}>
      <span class="share">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <button
        type="button"
        class="pick"
        title={shown}
        aria-pressed={isOn}
        disabled={!isFilter}
        onClick={() =>
          go({
            page: 'explore',
            filters: isOn
              ? filters.filter((one) => !wanted.some((other) => isSame(one, other)))
              : wanted.reduce(withFilter, [...filters]),
          })
        }
      >
        <span class={field === 'level' ? `dot ${value}` : ''}>{shown}</span>
        <span class="count">{count.toLocaleString()}</span>
      </button>
      {wanted.length === 1 && (
        <button
          type="button"
          class="without"
          aria-label={`Without ${field} ${shown}`}
          title="Without it"
          onClick={() => go({ filters: withFilter(filters, { ...(wanted[0] as Filter), not: true }) })}
        >
          −
        </button>
      )}
    </li>
  );
}

/** Which fields of entries are counted, beside the usual ones. */
function AddFacet() {
  const [typed, setTyped] = useState('');
  const name = typed.trim();
  const isWrong = name !== '' && !isFacetName(name);
  return (
    <form
      class="add-facet"
      onSubmit={(event) => {
        event.preventDefault();
        if (name === '' || isWrong) return;
        go({ facets: [...new Set([...view.value.facets, name])] }, { replace: true });
        setTyped('');
      }}
    >
      <input
        aria-label="Count another field"
        placeholder="+ data.order.plan"
        list="facet-names"
        autocomplete="off"
        spellcheck={false}
        value={typed}
        aria-invalid={isWrong}
        title={`A path of data, or ${OTHER_FACETS.join(', ')}`}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <datalist id="facet-names">
        {[...OTHER_FACETS, ...dataFields()].map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </form>
  );
}

/** The filters that take the entries that were counted; none for a field nothing filters by. */
function filtersOf(field: string, value: string): Filter[] {
  if (field === 'pattern') return patternFilters(value);
  if (field === 'route') return [];
  return [{ name: field, value: field.startsWith('data.') ? dataValue(value) : value, not: false }];
}

function isSame(one: Filter, other: Filter): boolean {
  return one.name === other.name && one.value === other.value && one.not === other.not;
}
