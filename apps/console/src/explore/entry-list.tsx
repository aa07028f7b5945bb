import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import type { Row } from '../live/live-row.js';
import { type Form, gridOf } from '../state/columns.js';
import { EntryRow } from './entry-row.js';
import { TableHead } from './table-head.js';
import { useVirtualRows } from './use-virtual-rows.js';

const ROW_HEIGHT = 24;
const HEAD_HEIGHT = 26;

interface EntryListProps {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly selected: string | undefined;
  readonly form: Form;
  /** Fields of entries, from left to right. */
  readonly columns: readonly string[];
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
  form,
  columns,
  withDate,
  isBusy,
  open,
  nearEnd,
  scrolled,
}: EntryListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const wrap = form === 'wrap';
  const hasHead = form === 'table';
  const { template, width } = gridOf(columns, withDate);
  const { rows: visible, virtualizer } = useVirtualRows({
    count: rows.length,
    scroller: () => scroller.current,
    rowHeight: ROW_HEIGHT,
    headHeight: hasHead ? HEAD_HEIGHT : 0,
    keyOf: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
  });
  const last = visible.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 60) nearEnd?.();
  }, [last, rows.length]);
  useEffect(() => virtualizer.measure(), [wrap, wrap && template]);
  const selectedIndex = useMemo(
    () => (selected === undefined ? -1 : rows.findIndex(({ key }) => key === selected)),
    [rows, selected],
  );
  const isListed = selectedIndex >= 0;
  useEffect(() => {
    if (isListed) virtualizer.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [selected, isListed]);
  return (
    <div
      class={`list ${form}`}
      ref={scroller}
      role="grid"
      aria-label="Entries, newest first"
      aria-rowcount={rows.length}
      aria-colcount={columns.length}
      style={{ '--columns': template }}
      aria-busy={isBusy}
      tabIndex={0}
      onScroll={({ currentTarget }) => scrolled?.(currentTarget.scrollTop)}
    >
      {hasHead && <TableHead columns={columns} width={width} />}
      <div
        class="rows"
        role="presentation"
        style={{ height: `${virtualizer.getTotalSize()}px`, minWidth: `${width}px` }}
      >
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
              <EntryRow entry={entry} form={form} columns={columns} withDate={withDate} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
