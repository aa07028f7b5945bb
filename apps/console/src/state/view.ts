import { computed, signal } from '@preact/signals';
import { FORMS, type Form, parseColumns } from './columns.js';
import { isFacetName } from './facet-names.js';
import { type Filter, isFilterName, withFilter } from './filters.js';
import type { TimeRange } from './time-range.js';

/** Pages of the console. */
export const PAGES = [
  'explore',
  'errors',
  'patterns',
  'flows',
  'alerts',
  'audit',
  'runs',
  'overview',
] as const;
export type Page = (typeof PAGES)[number];

/** All that the page shows, as the address has it: a link to it shows the same. */
export interface View {
  readonly page: Page;
  readonly range: TimeRange;
  readonly filters: readonly Filter[];
  /** Follows what is written. */
  readonly live: boolean;
  /** How entries stand in the list. */
  readonly form: Form;
  /** Fields of entries in the list, from left to right. @default those of the form */
  readonly columns: readonly string[] | undefined;
  /** Fields counted beside the list in addition to the usual ones. */
  readonly facets: readonly string[];
  /** Response times are drawn over the chart. */
  readonly times: boolean;
  /** Id of the entry, flow, alert, group or run that is open. */
  readonly open: string | undefined;
  /** Which part of a page, such as `rules` of alerts. @default its first */
  readonly part: string | undefined;
  /** What of a part, such as `new` of patterns. @default its first */
  readonly show: string | undefined;
  /** The entity a history is of: `user:42`. */
  readonly of: string | undefined;
}

/** What goes when another page is shown. */
const OF_PAGE = { open: undefined, part: undefined, show: undefined, of: undefined } as const;

const DEFAULT_HOURS = 1;
/** Facets an address may add to the usual ones. */
const MAX_FACETS = 10;

/** The view of this moment. Change it with {@link go}. */
export const view = signal<View>(parseView(location.search));

/** What a search depends on, as one text that changes only when the search does. */
export const searchKey = computed(() => {
  const { page, range, filters, live } = view.value;
  return JSON.stringify([page, range, filters, live]);
});

/** Shows another view. It is a step of the browser's history, unless it replaces the one before. */
export function go(change: Partial<View>, { replace = false } = {}): void {
  const next = { ...view.value, ...change };
  const address = `${location.pathname}${viewText(next)}`;
  if (replace || address === location.pathname + location.search) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  view.value = next;
}

/** Shows another page, with the time and filters of this one. */
export function goToPage(page: Page, change: Partial<View> = {}): void {
  go({ ...OF_PAGE, page, live: false, ...change });
}

/** Adds a condition to the search, and shows it. */
export function addFilter(filter: Filter): void {
  const isHere = view.value.page === 'explore';
  go({ ...(!isHere && OF_PAGE), page: 'explore', filters: withFilter(view.value.filters, filter) });
}

/** Follows Back and Forward. */
export function followHistory(): void {
  addEventListener('popstate', () => {
    view.value = parseView(location.search);
  });
}

/** @param search the query of an address, with its `?` */
export function parseView(search: string): View {
  const parameters = new URLSearchParams(search);
  const page = PAGES.find((one) => one === parameters.get('view')) ?? 'explore';
  const [from, to] = [parameters.get('from'), parameters.get('to')].map((text) => Date.parse(text ?? ''));
  const hours = Number(parameters.get('hours') ?? DEFAULT_HOURS);
  const isFixed = from !== undefined && to !== undefined && from <= to;
  const filters: Filter[] = [];
  for (const [key, value] of parameters) {
    const name = key.replace(/!$/, '');
    if (isFilterName(name) && value !== '') filters.push({ name, value, not: key.endsWith('!') });
  }
  return {
    page,
    range: isFixed ? { from, to } : { hours: hours > 0 ? hours : DEFAULT_HOURS },
    filters,
    live: parameters.has('live') && page === 'explore',
    form: FORMS.find((one) => one === parameters.get('form')) ?? 'line',
    columns: parseColumns(parameters.getAll('column')),
    facets: [...new Set(parameters.getAll('facet'))].filter(isFacetName).slice(0, MAX_FACETS),
    times: parameters.has('times'),
    open: parameters.get('open') ?? undefined,
    part: parameters.get('part') ?? undefined,
    show: parameters.get('show') ?? undefined,
    of: parameters.get('of') ?? undefined,
  };
}

/** The query of the address of a view, with its `?`. */
export function viewText(shown: View): string {
  const { page, range, filters, live, form, columns, facets, times } = shown;
  const parameters = new URLSearchParams();
  if (page !== 'explore') parameters.set('view', page);
  if ('from' in range) {
    parameters.set('from', new Date(range.from).toISOString());
    parameters.set('to', new Date(range.to).toISOString());
  } else if (range.hours !== DEFAULT_HOURS) parameters.set('hours', String(range.hours));
  for (const { name, value, not } of filters) parameters.append(not ? `${name}!` : name, value);
  if (live) parameters.set('live', '');
  if (form !== 'line') parameters.set('form', form);
  for (const name of columns ?? []) parameters.append('column', name);
  for (const name of facets) parameters.append('facet', name);
  if (times) parameters.set('times', '');
  for (const name of ['part', 'show', 'of', 'open'] as const) {
    const value = shown[name];
    if (value !== undefined) parameters.set(name, value);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
