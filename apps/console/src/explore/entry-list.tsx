import { useCallback, useEffect, useRef } from 'preact/hooks';
import type { Row } from '../live/live-row.js';
import { EntryRow } from './entry-row.js';
import { useVirtualRows } from './use-virtual-rows.js';

const ROW_HEIGHT = 24;

interface EntryListProps {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly selected: string | undefined;
  readonly wrap: boolean;
  /** Times with their date, where the window is longer than a day. */
  readonly withDate: boolean;
  readonly isBusy: boolean;
  readonly open: (id: string) => void;
  /** Called when the end of the list is near. */
  readonly nearEnd?: () => void;
  /** Told how far the list is from its newest row, in pixels. */
  readonly scrolled?: (top: number) => void;
}

/** Entries under each other; only those in sight are in the page. */
export function EntryList({
  rows,
  selected,
  wrap,
  withDate,
  isBusy,
  open,
  nearEnd,
  scrolled,
}: EntryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows: visible, virtualizer } = useVirtualRows({
    count: rows.length,
    scroller: () => scroller.current,
    rowHeight: ROW_HEIGHT,
    keyOf: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
  });
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 60) nearEnd?.();
  }, [last, rows.length]);
  useEffect(() => virtualizer.measure(), [wrap]);
  useEffect(() => {
    const index = selected === undefined ? -1 : rows.findIndex(({ key }) => key === selected);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
  }, [selected]);
  return (
    <div
      class={wrap ? 'list wrap' : 'list'}
      ref={scroller}
      role="grid"
      aria-label="Entries, newest first"
      aria-rowcount={rows.length}
      aria-busy={isBusy}
      tabIndex={0}
      onScroll={({ currentTarget }) => scrolled?.(currentTarget.scrollTop)}
    >
      <div class="rows" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
        {visible.map(({ index, key, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const place = { transform: `translateY(${start}px)` };
          const measured = wrap
            ? (element: HTMLElement | null) => virtualizer.measureElement(element)
            : undefined;
          if (row.entry === undefined) {
            return (
              <div
                key={key}
                ref={measured}
                data-index={index}
                class={`note ${row.tone}`}
                role="row"
                aria-rowindex={index + 1}
                style={place}
              >
                <span role="gridcell">{row.text}</span>
              </div>
            );
          }
          const { entry } = row;
          const isSelected = entry.id === selected;
          return (
            <div
              key={key}
              ref={measured}
              data-index={index}
              class={`row ${entry.level}${isSelected ? ' selected' : ''}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + 1}
              aria-selected={isSelected}
              style={place}
              onClick={() => {
                if (getSelection()?.isCollapsed !== false) open(entry.id);
              }}
            >
              <div role="gridcell">
                <EntryRow entry={entry} wrap={wrap} withDate={withDate} />
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
