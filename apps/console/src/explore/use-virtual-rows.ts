import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { useCallback, useLayoutEffect, useState } from 'preact/hooks';

interface RowsOptions {
  readonly count: number;
  readonly scroller: () => HTMLElement | null;
  readonly rowHeight: number;
  /** Pixels of what stays at the top while the rows scroll below it. */
  readonly headHeight: number;
  /** The same function as long as the rows are the same: with another one every row is measured anew. */
  readonly keyOf: (index: number) => string | number;
}

/** The rows of a long list that are in sight, by TanStack's virtualizer. */
export function useVirtualRows({ count, scroller, rowHeight, headHeight, keyOf }: RowsOptions): {
  readonly rows: readonly VirtualItem[];
  readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
} {
  const [, draw] = useState(0);
  const estimateSize = useCallback(() => rowHeight, [rowHeight]);
  const options = {
    count,
    getScrollElement: scroller,
    estimateSize,
    getItemKey: keyOf,
    overscan: 12,
    scrollPaddingEnd: headHeight,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => draw((times) => times + 1),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return { rows: virtualizer.getVirtualItems(), virtualizer };
}
