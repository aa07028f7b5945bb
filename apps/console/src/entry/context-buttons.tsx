import { useState } from 'preact/hooks';
import { client, type Entry, type Query } from '../state/api.js';
import { type Filter, queryOf } from '../state/filters.js';
import { go, view } from '../state/view.js';

/** Entries the context should have: more than a few, and no more than are loaded at once. */
const [FEW, MANY] = [20, 180];
const [NARROWEST_MS, FIRST_MS, WIDEST_MS] = [5, 60_000, 86_400_000];
const STEP = 10;

/** What came just before and after an entry, under no filter, those of the search, or one of its own values. */
export function ContextButtons({ entry }: { readonly entry: Entry }) {
  const [isLooking, setLooking] = useState(false);
  const show = async (filters: readonly Filter[]) => {
    setLooking(true);
    const at = Date.parse(entry.timestamp);
    const width = await widthAround(at, filters).catch(() => FIRST_MS);
    setLooking(false);
    go({
      page: 'explore',
      range: { from: at - width, to: at + width },
      filters,
      live: false,
      open: entry.id,
    });
  };
  const { filters } = view.value;
  const own: [string, Filter][] = [
    ['in this component', { name: 'component', value: entry.component, not: false }],
    ...(entry.proxy_hostname === undefined
      ? []
      : ([['on this host', { name: 'host', value: entry.proxy_hostname, not: false }]] as [
          string,
          Filter,
        ][])),
  ];
  return (
    <div class="related context" role="group" aria-label="Before and after">
      <span class="label">Before and after</span>
      <button type="button" disabled={isLooking} onClick={() => void show([])}>
        everything
      </button>
      {filters.length > 0 && (
        <button type="button" disabled={isLooking} onClick={() => void show(filters)}>
          under these filters
        </button>
      )}
      {own.map(([label, filter]) => (
        <button key={label} type="button" disabled={isLooking} onClick={() => void show([filter])}>
          {label}
        </button>
      ))}
    </div>
  );
}

/** Milliseconds to each side that hold some entries, but not too many to see this one among them. */
async function widthAround(at: number, filters: readonly Filter[]): Promise<number> {
  let width = FIRST_MS;
  for (let tries = 0; tries < 4; tries++) {
    const { total } = await client.histogram({
      ...queryOf(filters),
      from: new Date(at - width),
      to: new Date(at + width),
      buckets: 1,
    } as Query);
    if (total > MANY) width = Math.max(NARROWEST_MS, Math.floor((width * MANY) / total / 2));
    else if (total < FEW && width < WIDEST_MS) width = Math.min(WIDEST_MS, width * STEP);
    else break;
  }
  return width;
}
