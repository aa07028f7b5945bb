/** A piece of a line. One with a column is padded to that column's width; an empty one without is left out. */
export interface Cell {
  readonly text: string;
  readonly column?: string;
  readonly paint?: (text: string) => string;
}

/** The cells of one line. */
export type Row = readonly Cell[];

/** How wide a column is at least and at most, in characters. */
export interface ColumnBounds {
  readonly min: number;
  readonly max: number;
  /** @default left */
  readonly align?: 'left' | 'right';
}

/**
 * Makes the function that joins cells to aligned lines. A column is as wide as the widest text it has had, these
 * rows included, up to its bound; a longer text is not cut but moves the rest of its own line on.
 */
export function createColumns(
  columns: Readonly<Record<string, ColumnBounds>>,
): (rows: readonly Row[]) => string[] {
  const widths = new Map(Object.entries(columns).map(([name, { min }]) => [name, min]));
  return (rows) => {
    for (const { column, text } of rows.flat()) {
      if (column !== undefined && text.length > widthOf(column)) {
        widths.set(column, Math.min(text.length, columns[column]?.max ?? 0));
      }
    }
    return rows.map((row) =>
      row
        .filter(({ text }) => text !== '')
        .map(cellText)
        .join(' ')
        .trimEnd(),
    );
  };

  function widthOf(column: string): number {
    return widths.get(column) ?? 0;
  }

  function cellText({ text, column, paint = (plain) => plain }: Cell): string {
    if (column === undefined) return paint(text);
    const gap = ' '.repeat(Math.max(0, widthOf(column) - text.length));
    return columns[column]?.align === 'right' ? gap + paint(text) : paint(text) + gap;
  }
}
