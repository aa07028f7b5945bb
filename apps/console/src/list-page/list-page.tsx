import type { ComponentChildren } from 'preact';
import { FilterChips } from '../explore/filter-chips.js';
import { Failure } from '../explore/list-state.js';
import { RefreshButton } from '../explore/refresh-button.js';
import { TimePicker } from '../explore/time-picker.js';
import type { Answer } from '../state/use-reply.js';
import { go, view } from '../state/view.js';
import '../style/pages.css';
import '../style/list-page.css';

interface ListPageProps {
  readonly title: string;
  /** Its parts, by name and title; the first is shown without being named. */
  readonly parts?: readonly (readonly [string, string])[];
  /** Whether the time that is looked at matters. @default true */
  readonly hasTime?: boolean;
  /** Filters that count here, of those in the address. @default all */
  readonly filters?: readonly string[] | 'none';
  readonly children: ComponentChildren;
  /** What is open beside the list. */
  readonly detail?: ComponentChildren;
}

/** A page with a list, and beside it what is open of it. */
export function ListPage({
  title,
  parts = [],
  hasTime = true,
  filters = [],
  children,
  detail,
}: ListPageProps) {
  const part = partOf(parts);
  const hasDetail = detail !== undefined && detail !== null && detail !== false;
  return (
    <div class={hasDetail ? 'list-page has-detail' : 'list-page'}>
      <div class="bar">
        <h1>{title}</h1>
        {parts.length > 0 && (
          <div class="segments" role="group" aria-label={`Parts of ${title}`}>
            {parts.map(([name, label]) => (
              <button
                key={name}
                type="button"
                aria-pressed={name === part}
                onClick={() =>
                  go({
                    part: name === parts[0]?.[0] ? undefined : name,
                    show: undefined,
                    of: undefined,
                    open: undefined,
                  })
                }
              >
                {label}
              </button>
            ))}
          </div>
        )}
        <span class="spacer" />
        {hasTime && <TimePicker />}
        <RefreshButton />
      </div>
      {filters !== 'none' && <Conditions known={filters} />}
      <main class="items">{children}</main>
      {hasDetail && detail}
    </div>
  );
}

/** Which of its parts a page shows. */
export function partOf(parts: readonly (readonly [string, string])[]): string {
  const named = parts.find(([name]) => name === view.value.part) ?? parts[0];
  return named?.[0] ?? '';
}

/** The filters; those that do not count here are told. */
function Conditions({ known }: { readonly known: readonly string[] }) {
  const { filters } = view.value;
  const idle = known.length === 0 ? [] : filters.filter(({ name, not }) => not || !known.includes(name));
  return (
    <div class="conditions">
      <FilterChips />
      {idle.length > 0 && (
        <p class="hint warn">
          {`Does not count here: ${[...new Set(idle.map(({ name, not }) => (not ? `${name} ≠` : name)))].join(', ')}`}
        </p>
      )}
    </div>
  );
}

interface ItemsStateProps {
  readonly answer: Answer<unknown>;
  /** What could not be read. */
  readonly what: string;
  readonly hasItems: boolean;
  /** What stands where there are none. */
  readonly children: ComponentChildren;
}

/** What stands in place of items: that they are being looked for, why there are none. */
export function ItemsState({
  answer: { trouble, reply, isLoading },
  what,
  hasItems,
  children,
}: ItemsStateProps) {
  if (trouble !== undefined) return <Failure trouble={trouble} what={what} isOver={hasItems} />;
  if (reply === undefined) return isLoading ? <p class="hint searching">Searching…</p> : null;
  return hasItems ? null : children;
}

interface DetailProps {
  /** What it is, for those who do not see it. */
  readonly label: string;
  readonly head: ComponentChildren;
  readonly children: ComponentChildren;
}

/** One thing of the list, whole. */
export function Detail({ label, head, children }: DetailProps) {
  return (
    <section class="detail" aria-label={label}>
      <header>
        {head}
        <button
          type="button"
          class="close"
          aria-label={`Close the ${label.toLowerCase()} (Esc)`}
          onClick={() => go({ open: undefined }, { replace: true })}
        >
          ×
        </button>
      </header>
      {children}
    </section>
  );
}

/** One line of a list: a click opens it. */
export function Item({ id, children }: { readonly id: string; readonly children: ComponentChildren }) {
  const { open } = view.value;
  return (
    <button
      type="button"
      class="item"
      aria-pressed={open === id}
      onClick={() => go({ open: id }, { replace: open !== undefined })}
    >
      {children}
    </button>
  );
}

/** One of several, chosen by a click, kept in the address. */
export function ShowChoice({
  label,
  choices,
}: {
  readonly label: string;
  readonly choices: readonly (readonly [string, string])[];
}) {
  const chosen = showOf(choices);
  return (
    <div class="segments" role="group" aria-label={label}>
      {choices.map(([name, title]) => (
        <button
          key={name}
          type="button"
          aria-pressed={chosen === name}
          onClick={() =>
            go({ show: name === choices[0]?.[0] ? undefined : name, open: undefined }, { replace: true })
          }
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** Which of several is chosen. */
export function showOf(choices: readonly (readonly [string, string])[]): string {
  const named = choices.find(([name]) => name === view.value.show) ?? choices[0];
  return named?.[0] ?? '';
}
