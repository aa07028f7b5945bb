import { cutTo, displayWidth } from './display-width.js';

type Paint = (text: string) => string;

/** A piece of a line. One with a column is padded to that column's width; an empty one without is left out. */
export interface Cell {
  readonly text: string;
  readonly column?: string;
  readonly paint?: Paint;
  /** Stands right before the text, as `user=` does. */
  readonly label?: string;
}

/** The cells of one line. */
export type Row = readonly Cell[];

/** How wide a column is at least and at most, in columns of the terminal. */
export interface ColumnBounds {
  readonly min: number;
  readonly max: number;
  /** @default left */
  readonly align?: 'left' | 'right';
}

/** How rows become lines. */
export interface ColumnStyle {
  /**
   * Columns of the terminal: lines are cut to them, and texts to their column's bound. @default nothing is cut, a longer
   * text moves the rest of its own line on
   */
  readonly lineWidth?: number | undefined;
  readonly paintLabel?: Paint;
  /** Paints parts of a text that is already cut. */
  readonly highlight?: Paint;
}

const asItIs: Paint = (text) => text;

/**
 * Makes the function that joins cells to aligned lines. A column is as wide as the widest text it has had, these
 * rows included, up to its bound.
 */
export function createColumns(
  columns: Readonly<Record<string, ColumnBounds>>,
  style: ColumnStyle = {},
): (rows: readonly Row[]) => string[] {
  const { lineWidth = Number.POSITIVE_INFINITY, paintLabel = asItIs, highlight = asItIs } = style;
  const isCut = style.lineWidth !== undefined;
  const widths = new Map(Object.entries(columns).map(([name, { min }]) => [name, min]));
  return (rows) => {
    for (const { column, text } of rows.flat()) {
      if (column === undefined) continue;
      const width = displayWidth(text);
      if (width > widthOf(column)) widths.set(column, Math.min(width, columns[column]?.max ?? 0));
    }
    return rows.map((row) => line(row.filter(({ text }) => text !== '')));
  };

  function widthOf(column: string): number {
    return widths.get(column) ?? 0;
  }

  function line(cells: Row): string {
    let left = lineWidth;
    let joined = '';
    for (const cell of cells) {
      if (joined !== '') {
        joined += ' ';
        left -= 1;
      }
      if (left < 1) break;
      const { text, width } = cellText(cell, left);
      joined += text;
      left -= width;
    }
    return joined.trimEnd();
  }

  /** The text of a cell in at most `left` columns of the terminal, and how many of them it takes. */
  function cellText({ text, column, label = '', paint = asItIs }: Cell, left: number) {
    const columnWidth = column === undefined ? 0 : widthOf(column);
    const shownLabel = label === '' ? '' : cutTo(left, label);
    const space = left - displayWidth(shownLabel);
    const shown = cutTo(isCut && column !== undefined ? Math.min(space, columnWidth) : space, text);
    const gap = ' '.repeat(Math.max(0, Math.min(columnWidth, left) - displayWidth(shown)));
    const painted = paint(highlight(shown));
    const padded = column !== undefined && columns[column]?.align === 'right' ? gap + painted : painted + gap;
    return {
      text: (shownLabel === '' ? '' : paintLabel(shownLabel)) + padded,
      width: displayWidth(shownLabel) + displayWidth(shown) + gap.length,
    };
  }
}
