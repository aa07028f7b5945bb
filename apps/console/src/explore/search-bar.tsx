import { signal } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { FIELDS, parseSearch, withFilter } from '../state/filters.js';
import { patternFilters } from '../state/pattern-filters.js';
import { dataFields } from '../state/seen-fields.js';
import { go, view } from '../state/view.js';
import { facets } from './facets-state.js';

/** The input, so that `/` can put the cursor there. */
export const searchInput = signal<HTMLInputElement | null>(null);
const MAX_OFFERED = 10;
/** What facets call a field, where the filter has the same name. */
const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL', 'AUDIT'];

/** Where one types what to look for; fields and values seen are offered. */
export function SearchBar() {
  const [text, setText] = useState('');
  const [chosen, choose] = useState(-1);
  const [isOpen, setOpen] = useState(false);
  const field = useRef<HTMLInputElement | null>(null);
  const offered = isOpen ? offersFor(text) : [];

  const search = (typed: string) => {
    const filters = parseSearch(typed).reduce(withFilter, [...view.value.filters]);
    setText('');
    setOpen(false);
    choose(-1);
    if (typed.trim() !== '') go({ filters });
  };
  const take = (offer: Offer) => {
    const next = text.replace(/[^\s]*$/, offer.text);
    if (offer.isWhole) return search(next);
    setText(next);
    choose(-1);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      if (isOpen && offered.length > 0) event.stopPropagation();
      setOpen(false);
      if (offered.length === 0) field.current?.blur();
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      choose(offered.length === 0 ? -1 : (chosen + step + offered.length) % offered.length);
    } else if (event.key === 'Enter' || (event.key === 'Tab' && chosen >= 0)) {
      const offer = offered[chosen];
      if (offer !== undefined) event.preventDefault();
      if (offer === undefined) search(text);
      else take(offer);
    }
  };
  return (
    <div class="search">
      <input
        ref={(element) => {
          field.current = element;
          searchInput.value = element;
        }}
        type="text"
        role="combobox"
        aria-label="Search"
        aria-expanded={offered.length > 0}
        aria-controls="offers"
        aria-autocomplete="list"
        {...(chosen >= 0 && { 'aria-activedescendant': `offer-${chosen}` })}
        placeholder="Words, or field:value such as status:5xx   ( / )"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          setOpen(true);
          choose(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setTimeout(() => setOpen(false), 150)}
        onKeyDown={onKeyDown}
      />
      <div id="offers" class="offers" role="listbox" aria-label="Suggestions" hidden={offered.length === 0}>
        {offered.map((offer, i) => (
          <div
            key={offer.text}
            id={`offer-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              take(offer);
            }}
          >
            <code>{offer.text}</code> <span>{offer.hint}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

interface Offer {
  readonly text: string;
  readonly hint: string;
  /** Whether it is a whole condition. */
  readonly isWhole: boolean;
}

function offersFor(text: string): Offer[] {
  const typed = /[^\s]*$/.exec(text)?.[0] ?? '';
  if (typed.startsWith('"')) return [];
  const [, sign = '', name = '', operator, value = ''] = /^(-?)([\w.]*)(!?[:=])?(.*)$/s.exec(typed) ?? [];
  if (operator !== undefined) {
    return valuesOf(name)
      .filter(({ value: one }) => one.toLowerCase().includes(value.toLowerCase()))
      .slice(0, MAX_OFFERED)
      .map(({ value: one, count }) => ({
        text: `${sign}${name}${operator}${/\s/.test(one) ? `"${one}"` : one}`,
        hint: count === undefined ? '' : count.toLocaleString(),
        isWhole: true,
      }));
  }
  if (typed === '') return [];
  const seen = dataFields().map((field) => ({ name: field, hint: 'as seen' }));
  return [...FIELDS, ...seen]
    .filter(
      (field) => field.name.startsWith(name.toLowerCase()) || (name.length > 2 && field.name.includes(name)),
    )
    .slice(0, MAX_OFFERED)
    .map((field) => ({ text: `${sign}${field.name}:`, hint: field.hint, isWhole: false }));
}

/** Paths by their patterns, the parameters as `*`. */
function pathsOf(): { value: string; count: number }[] | undefined {
  const counts = new Map<string, number>();
  for (const { value, count } of facets.value?.facets.pattern ?? []) {
    const path = patternFilters(value).find(({ name }) => name === 'path')?.value;
    if (path !== undefined) counts.set(path, (counts.get(path) ?? 0) + count);
  }
  return [...counts].map(([value, count]) => ({ value, count }));
}

function valuesOf(name: string): { value: string; count?: number }[] {
  const fromFacets = name === 'path' ? pathsOf() : facets.value?.facets[name];
  if (fromFacets !== undefined && fromFacets.length > 0) return fromFacets;
  if (name === 'level' || name === 'min_level') return LEVELS.map((value) => ({ value }));
  if (name === 'outcome') return [{ value: 'success' }, { value: 'failure' }];
  if (name === 'kind') return [{ value: 'request' }, { value: 'log' }];
  return [];
}
