import type { EventsReply } from '@tailrace/api';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { shownCount } from './figures.js';
import { rankingLines } from './ranking.js';

/** Events by count, then hour by hour. */
export function eventsText({ events, hours }: EventsReply, palette: Palette, width: number): string {
  if (events.length === 0) return '';
  const rows = events.map(({ event, count }) => ({ name: event, count }));
  return [
    palette.method('Events'),
    ...rankingLines(rows, width),
    '',
    palette.method('By hour'),
    ...hours.map(({ hour, counts }) => hourLine(hour, counts, palette)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function hourLine(hour: string, counts: Readonly<Record<string, number>>, palette: Palette): string {
  const shown = Object.entries(counts)
    .sort(([, n], [, m]) => m - n)
    .map(([event, count]) => `${printable(event)} ${palette.dim(shownCount(count))}`);
  return `  ${printable(hour).slice(0, 16).replace('T', ' ')}  ${shown.join('  ')}`;
}
