import type { CostReply } from '@tailrace/api';
import { type Cell, createColumns } from '../print/columns.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { wrapLine } from '../print/wrap-line.js';
import { shownBytes, shownCount, shownShare } from '../statistics/figures.js';

type Part = CostReply['redis']['parts'][number];

const NUMBER = { min: 9, max: 14, align: 'right' } as const;
const COLUMNS = { name: { min: 24, max: 40 }, bytes: NUMBER, share: NUMBER, entries: NUMBER } as const;

/** What logs take: sums and growth, then tables of parts, components and classes. */
export function costText({ redis, archive }: CostReply, palette: Palette, columns?: number): string {
  const redisLines = [
    `Redis      ${shownBytes(redis.bytes)} of logs, estimated from ${shownCount(redis.sampled)} of ${shownCount(redis.entries)} entries`,
    `memory     ${shownBytes(redis.used_bytes)} used${redis.max_bytes === 0 ? ', without a bound' : ` of ${shownBytes(redis.max_bytes)}`}`,
    `growth     ${growthText(redis)}`,
    `full       ${fullText(redis)}`,
    '',
    ...tableOf('part', redis.parts, palette),
    '',
    ...tableOf('component', redis.components, palette),
    '',
    ...tableOf('class', redis.classes, palette),
  ];
  const archiveLines =
    archive === null
      ? ['', 'archive    there is none']
      : [
          '',
          `archive    ${shownBytes(archive.bytes)}, ${shownCount(archive.entries)} entries`,
          `growth     ${archive.bytes_per_day === null ? 'no day is over yet' : `${shownBytes(archive.bytes_per_day)} a day`}`,
          `disk       ${archive.free_bytes === null ? 'not known' : `${shownBytes(archive.free_bytes)} free`}${archive.days_left === null ? '' : `, full in ${daysText(archive.days_left)} if nothing expires`}`,
          '',
          ...tableOf('class', archive.classes, palette),
          ...(archive.components === null ? [] : ['', ...tableOf('component', archive.components, palette)]),
        ];
  return [...redisLines, ...archiveLines].map((line) => `${wrapLine(line, columns, 11)}\n`).join('');
}

function growthText({ bytes_per_day: bytes, measured_s: seconds }: CostReply['redis']): string {
  if (bytes === null) return 'not known yet: there are less than 10 minutes to tell from';
  const hours = seconds / 3_600;
  const over =
    seconds >= 86_000
      ? 'the last day'
      : `the last ${hours < 2 ? `${Math.round(seconds / 60)} minutes` : `${Math.round(hours)} hours`}`;
  return `${shownBytes(bytes)} a day, by ${over}`;
}

function fullText({ days_left: days, days_left_reason: reason }: CostReply['redis']): string {
  switch (reason) {
    case 'fills_up':
      return `in ${daysText(days ?? 0)}, as it goes on now`;
    case 'levels_off':
      return 'never, as it goes on now: as much leaves as comes before it is full';
    case 'no_bound':
      return 'maxmemory is 0: Redis takes what the machine has';
    case 'too_young':
      return 'not known yet';
  }
}

function daysText(days: number): string {
  if (days < 2) return `${Math.round(days * 24)} hours`;
  return `${shownCount(Math.round(days))} days`;
}

function tableOf(title: string, parts: readonly Part[], palette: Palette): string[] {
  const whole = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const head = [title, 'bytes', 'share', 'entries'].map(
    (text, i): Cell => ({ text, column: Object.keys(COLUMNS)[i] as string, paint: palette.dim }),
  );
  return createColumns(COLUMNS)([
    head,
    ...parts.map(({ name, bytes, entries }): Cell[] => [
      { text: printable(name), column: 'name' },
      { text: shownBytes(bytes), column: 'bytes' },
      { text: shownShare(bytes, whole), column: 'share' },
      { text: entries === null ? '-' : shownCount(entries), column: 'entries' },
    ]),
  ]);
}
