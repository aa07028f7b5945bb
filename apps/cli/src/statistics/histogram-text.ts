import type { HistogramReply } from '@tailrace/api';
import type { Level } from '@tailrace/schema';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { bar } from './bars.js';
import { shownCount } from './figures.js';

const MAX_BAR = 40;

/** A line a bucket: its start in UTC, its count, a bar, and the parts it is split into. */
export function histogramText({ buckets }: HistogramReply, palette: Palette, width: number): string {
  const max = Math.max(...buckets.map(({ count }) => count));
  const countWidth = shownCount(max).length;
  const parts = buckets.map(({ by }) => partsOf(by, palette));
  const partsWidth = Math.max(0, ...parts.map(({ length }) => length));
  const barWidth = Math.max(8, Math.min(MAX_BAR, width - 23 - countWidth - partsWidth));
  return buckets
    .map(({ from, count }, i) => {
      const time = printable(from).slice(0, 19).replace('T', ' ');
      const shown = bar(count, max, barWidth).padEnd(parts[i]?.text ? barWidth : 0);
      return `${`${time}  ${shownCount(count).padStart(countWidth)} ${shown} ${parts[i]?.text ?? ''}`.trimEnd()}\n`;
    })
    .join('');
}

function partsOf(by: Readonly<Record<string, number>>, palette: Palette): { text: string; length: number } {
  const names = Object.keys(by).sort();
  const plain = names.map((name) => `${name} ${shownCount(by[name] ?? 0)}`);
  const painted = plain.map((text, i) => paintOf(names[i] ?? '', palette)(text));
  return { text: painted.join(' '), length: plain.join(' ').length };
}

function paintOf(name: string, palette: Palette): (text: string) => string {
  return /^\dxx$/.test(name) ? palette.status(Number(name[0]) * 100) : palette.level(name as Level);
}
