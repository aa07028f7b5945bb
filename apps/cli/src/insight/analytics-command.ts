import type { AnalyticsReply } from '@tailrace/api';
import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { createColumns, type Row } from '../print/columns.js';
import type { Palette } from '../print/palette.js';
import { printable, printableJson } from '../print/printable.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';
import { shownBytes, shownCount, shownDuration, shownRate, shownSpan } from '../statistics/figures.js';

type Compared = AnalyticsReply['volume']['entries'];

/** Adds `analytics`: figures beside those of the week before, what is frequent, what is new. */
export function addAnalyticsCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('analytics')
    .description('Show figures beside those of the week before, what is frequent, which errors are new');
  addQueryFlags(command, 'window');
  command.action(async () => {
    const { gateway, json, out, palette, hint } = openContext(command);
    const reply = await gateway.ask('GET /api/analytics', { query: given(queryOf(command)) });
    await out.write(json ? `${printableJson(reply)}\n` : analyticsText(reply, palette));
    for (const note of reply.notes) await hint(note);
  });
}

const NUMBER = { min: 10, max: 20, align: 'right' } as const;

function analyticsText(reply: AnalyticsReply, { dim, warn }: Palette): string {
  const { volume, rates, response_times: times, top, new_errors: errors } = reply;
  const line = (name: string, compared: Compared, shown: (value: number) => string): Row => [
    { text: name, column: 'name' },
    { text: valueText(compared.now, shown), column: 'now' },
    { text: valueText(compared.before, shown), column: 'before', paint: dim },
    { text: changeText(compared.change), column: 'change' },
  ];
  const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
  const figures = createColumns({ name: { min: 14, max: 20 }, now: NUMBER, before: NUMBER, change: NUMBER })([
    ['', 'now', 'week before', 'change'].map((text, i) => ({
      text: text || ' ',
      column: ['name', 'now', 'before', 'change'][i] as string,
      paint: dim,
    })),
    line('entries', volume.entries, shownCount),
    line('requests', volume.requests, shownCount),
    line('requests/s', rates.requests_per_second, shownRate),
    line('error rate', rates.error_rate, percent),
    line('visitors', volume.visitors, shownCount),
    line('bytes sent', volume.bytes_sent, shownBytes),
    line('p50', times.p50_ms, shownDuration),
    line('p95', times.p95_ms, shownDuration),
    line('p99', times.p99_ms, shownDuration),
  ]);
  const lists = (
    [
      ['paths', top.paths],
      ['client IPs', top.ips],
      ['events', top.events],
    ] as const
  ).flatMap(([title, rows]) =>
    rows.length === 0
      ? []
      : [
          '',
          dim(title),
          ...createColumns({ count: NUMBER, before: NUMBER })(rows.map((row) => rankedRow(row, dim))),
        ],
  );
  const fresh = errors.map(({ count, type, code, message }) =>
    printable(`${shownCount(count)} ${[type, code].filter((part) => part !== null).join(' ')} ${message}`),
  );
  return [
    dim(`${shownSpan(reply)}, beside a week before`),
    ...figures,
    ...lists,
    ...(fresh.length === 0 ? [] : ['', warn('new errors'), ...fresh]),
  ]
    .map((text) => `${text}\n`)
    .join('');
}

function rankedRow(
  { value, count, before }: AnalyticsReply['top']['paths'][number],
  dim: (text: string) => string,
): Row {
  return [
    { text: shownCount(count), column: 'count' },
    { text: shownCount(before), column: 'before', paint: dim },
    { text: printable(value) },
  ];
}

function valueText(value: number | null, shown: (value: number) => string): string {
  return value === null ? '-' : shown(value);
}

function changeText(change: number | null): string {
  if (change === null) return '-';
  const percent = 100 * change;
  return `${percent >= 0 ? '+' : ''}${Math.abs(percent) >= 100 ? Math.round(percent) : percent.toFixed(1)} %`;
}
