import type { ErrorGroupsReply, PatternsReply } from '@tailrace/api';
import { createColumns, type Row } from '../print/columns.js';
import { entryTime } from '../print/entry-time.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { shownCount, shownRate } from '../statistics/figures.js';

/** How groups are shown. */
export interface GroupsStyle {
  readonly palette: Palette;
  readonly zone: 'utc' | 'local';
  /** Columns of the terminal. @default nothing is cut */
  readonly columns?: number | undefined;
}

const STATE = { min: 5, max: 9 } as const;
const COUNT = { min: 6, max: 12, align: 'right' } as const;
const TIME = { min: 20, max: 25 } as const;

/** A line a group of errors: state, count, when it was seen, what it is, where, who is affected. */
export function errorGroupsText({ groups, total, overflow }: ErrorGroupsReply, style: GroupsStyle): string {
  const { palette, zone, columns } = style;
  const rows = groups.map((group): Row => {
    const what = [group.type, group.code].filter((part) => part !== null).join(' ');
    const affected = [
      ...(group.users > 0 ? [`${shownCount(group.users)} users`] : []),
      ...(group.ips > 0 ? [`${shownCount(group.ips)} IPs`] : []),
    ].join(', ');
    return [
      { text: group.state, column: 'state', paint: isUrgent(group.state) ? palette.warn : palette.dim },
      { text: shownCount(group.count), column: 'count' },
      { text: secondOf(group.first_seen, zone), column: 'first', paint: palette.dim },
      { text: secondOf(group.last_seen, zone), column: 'last', paint: palette.dim },
      { text: printable(what) },
      { text: printable(group.message) },
      { text: printable(group.frames.join(' < ')), paint: palette.dim },
      { text: affected, paint: palette.dim },
      { text: printable(group.fingerprint), paint: palette.dim },
    ];
  });
  const bounds = { state: STATE, count: COUNT, first: TIME, last: TIME };
  const more = moreText(groups.length, total, { overflow, of: 'groups' });
  return textOf([...createColumns(bounds, { lineWidth: columns })(rows), ...more.map(palette.dim)]);
}

/** A line a pattern: state, count, how often an hour now and before, the pattern. */
export function patternsText({ patterns, total, overflow }: PatternsReply, style: GroupsStyle): string {
  const { palette, columns } = style;
  const rows = patterns.map(
    (one): Row => [
      { text: one.state, column: 'state', paint: one.state === 'usual' ? palette.dim : palette.warn },
      { text: shownCount(one.count), column: 'count' },
      { text: `${shownRate(one.per_hour)}/h`, column: 'rate' },
      { text: `${shownRate(one.before_per_hour)}/h`, column: 'before', paint: palette.dim },
      { text: printable(one.pattern) },
    ],
  );
  const bounds = { state: STATE, count: COUNT, rate: COUNT, before: COUNT };
  const more = moreText(patterns.length, total, { overflow, of: 'patterns' });
  return textOf([...createColumns(bounds, { lineWidth: columns })(rows), ...more.map(palette.dim)]);
}

function isUrgent(state: ErrorGroupsReply['groups'][number]['state']): boolean {
  return state === 'new' || state === 'regressed';
}

function moreText(
  shown: number,
  total: number,
  { overflow, of }: { readonly overflow: number; readonly of: string },
): string[] {
  return [
    ...(total > shown ? [`${shownCount(total - shown)} more ${of}; --limit shows more`] : []),
    ...(overflow > 0 ? [`${shownCount(overflow)} entries of further ${of} are not shown`] : []),
  ];
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function secondOf(time: string, zone: 'utc' | 'local'): string {
  return entryTime(time, zone).replace(/\.\d{3}/, '');
}
