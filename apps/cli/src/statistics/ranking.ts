import { printable } from '../print/printable.js';
import { bar } from './bars.js';
import { shownCount, shownShare } from './figures.js';

/** One line of a ranking. */
export interface Ranked {
  readonly name: string;
  readonly count: number;
  readonly paint?: (text: string) => string;
}

const MIN_BAR = 8;
const MAX_BAR = 30;
const MAX_NAME = 40;

/**
 * Names with their counts, bars and, where there is a whole, shares of it, aligned, each line two columns in and at
 * most `width` wide. Long names are cut in the middle, as the end of a path says most.
 */
export function rankingLines(rows: readonly Ranked[], width: number, whole?: number): string[] {
  const shown = rows.map((row) => ({ ...row, name: shortened(printable(row.name), MAX_NAME) }));
  const nameWidth = Math.max(0, ...shown.map(({ name }) => name.length));
  const countWidth = Math.max(0, ...shown.map(({ count }) => shownCount(count).length));
  const max = Math.max(0, ...shown.map(({ count }) => count));
  const barWidth = Math.min(MAX_BAR, Math.max(MIN_BAR, width - nameWidth - countWidth - 15));
  return shown.map(({ name, count, paint = (text) => text }) => {
    const share = whole === undefined ? '' : `${shownShare(count, whole).padStart(7)}  `;
    const shownBar = paint(bar(count, max, barWidth));
    return `  ${name.padEnd(nameWidth)}  ${shownCount(count).padStart(countWidth)}  ${share}${shownBar}`.trimEnd();
  });
}

function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const half = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - half)}…${text.slice(-half)}`;
}
