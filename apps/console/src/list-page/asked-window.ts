import { windowOf } from '../state/time-range.js';
import { view } from '../state/view.js';

/** What the address says of time and filters, as one text that changes only when they do. */
export function askedKey(): string {
  const { range, filters } = view.value;
  return JSON.stringify([range, filters]);
}

/** The window that is looked at, as the gateway is asked for it. */
export function askedTime(): { readonly from: Date; readonly to: Date } {
  const { from, to } = windowOf(view.value.range, Date.now());
  return { from: new Date(from), to: new Date(to) };
}

/** The values of a filter that is not negated. */
export function valuesOf(name: string): string[] {
  return view.value.filters.filter((one) => one.name === name && !one.not).map(({ value }) => value);
}
