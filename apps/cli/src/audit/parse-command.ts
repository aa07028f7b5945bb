import {
  createRecordStatistics,
  type FileRecord,
  fitsFilter,
  mongoLine,
  POSTGRES_END,
  POSTGRES_HEAD,
  postgresLine,
  RECORD_COLUMNS,
  type RecordFilter,
  type RecordStatistics,
  readFileRecord,
  recordCells,
} from '@tailrace/audit';
import { readLines } from '@tailrace/intake';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { findFiles } from '../import/find-files.js';
import { openInput } from '../import/input.js';
import { entryTime } from '../print/entry-time.js';
import { printable, printableJson } from '../print/printable.js';
import { timeOf } from '../query/query-flags.js';

const DATABASES: readonly string[] = ['postgres', 'mongodb'];

interface ParseFlags {
  readonly from?: string;
  readonly until?: string;
  readonly to?: string;
  readonly user?: string;
  readonly status?: string;
  readonly operation?: string;
  readonly csv?: boolean;
  readonly stats?: boolean;
}

/** Adds `audit parse <files...>`: reads audit files without a gateway (spec 001 "Utility Scripts"). */
export function addParseCommand(audit: Command, openContext: OpenContext): void {
  const command = audit
    .command('parse')
    .description(
      'Read audit files: show, filter, count, or make of them what a spreadsheet or a database loads',
    )
    .argument('<files...>', 'Files, packed ones too, or - for standard input')
    .option('--from <time>', 'From this time on')
    .option('--until <time>', 'Up to this time')
    .option('--user <name>', 'Only of this user')
    .option('--status <status>', 'success, failed or partial')
    .option('--operation <operation>', 'Such as vm_creation')
    .option('--csv', 'Write CSV')
    .option('--stats', 'Write figures: by operation, status, user and day')
    .option('--to <database>', 'Write what postgres (psql) or mongodb (mongoimport) loads');
  command.action(async (patterns: string[]) => {
    const context = openContext(command);
    const flags = flagsOf(command);
    if ([flags.csv, flags.stats, flags.to].filter(Boolean).length > 1) {
      throw new CliError('only one of --csv, --stats and --to can be given', { exitCode: 2 });
    }
    const { user, status, operation } = flags;
    const filter: RecordFilter = {
      from: timeFlagMs(command, 'from', flags.from),
      to: timeFlagMs(command, 'until', flags.until),
      user,
      status,
      operation,
    };
    const writer = writerOf(flags, context);
    let unread = 0;
    await context.out.write(writer.head ?? '');
    for (const path of await findFiles(patterns)) {
      const input = await openInput(path, context.host.stdin, false);
      try {
        for await (const { text } of readLines(input.read())) {
          if (text === '') continue;
          const record = text === undefined ? undefined : readFileRecord(text);
          if (record === undefined) unread++;
          else if (fitsFilter(record, filter)) await context.out.write(writer.line(record));
        }
      } finally {
        await input.close();
      }
    }
    await context.out.write(writer.end?.() ?? '');
    if (unread > 0) await context.notice(`${unread} lines are no audit records`);
  });
}

/** `audit` itself has flags of these names, and takes them wherever they stand; what may be given more than once counts as given last. */
function flagsOf(command: Command): ParseFlags {
  const given = Object.entries(command.optsWithGlobals()).map(([name, value]) => [
    name,
    [value].flat().at(-1),
  ]);
  const flags: ParseFlags = Object.fromEntries(given);
  if (flags.to === undefined || DATABASES.includes(flags.to)) return flags;
  throw new CliError(`to is "${printable(flags.to)}"; allowed: ${DATABASES.join(', ')}`, { exitCode: 2 });
}

/** Makes text of records. */
interface RecordWriter {
  readonly head?: string;
  readonly line: (record: FileRecord) => string;
  readonly end?: () => string;
}

function writerOf({ csv, stats, to }: ParseFlags, { json }: Context): RecordWriter {
  if (to === 'postgres') return { head: POSTGRES_HEAD, line: postgresLine, end: () => POSTGRES_END };
  if (to === 'mongodb') return { line: mongoLine };
  if (csv) return { head: csvLine(RECORD_COLUMNS), line: (record) => csvLine(recordCells(record)) };
  if (stats) {
    const counts = createRecordStatistics();
    const line = (record: FileRecord) => {
      counts.add(record);
      return '';
    };
    return {
      line,
      end: () => (json ? `${printableJson(shown(counts.read()))}\n` : statisticsText(counts.read())),
    };
  }
  return { line: (record) => (json ? `${printableJson(record.raw)}\n` : recordText(record)) };
}

/** `'` before a text keeps spreadsheets from calculating it (OWASP, "CSV Injection"). */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map((cell) => (/^\s*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell));
  return `${quoted.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;
}

function recordText({ time, operation, username = '-', status = '-', raw }: FileRecord): string {
  const machine = [raw.vm_name, raw.vm_id].filter((part) => part !== undefined && part !== null).join(' ');
  const parts = [
    entryTime(new Date(time).toISOString(), 'utc'),
    status.padEnd(7),
    operation,
    username,
    machine,
  ];
  return `${printable(parts.filter((part) => part !== '').join('  '))}\n`;
}

function shown({ first, last, ...rest }: RecordStatistics): object {
  const iso = (time: number | undefined) => (time === undefined ? null : new Date(time).toISOString());
  return { first: iso(first), last: iso(last), ...rest };
}

function statisticsText(statistics: RecordStatistics): string {
  const { total, first, last, batches } = statistics;
  const iso = (time: number) => entryTime(new Date(time).toISOString(), 'utc');
  const lines = [
    `${total} records${first === undefined || last === undefined ? '' : `, ${iso(first)} to ${iso(last)}`}`,
  ];
  for (const [title, counts] of [
    ['operation', statistics.by_operation],
    ['status', statistics.by_status],
    ['user', statistics.by_user],
    ['day', statistics.by_day],
  ] as const) {
    lines.push(`by ${title}`);
    for (const [value, count] of Object.entries(counts))
      lines.push(`  ${String(count).padStart(8)}  ${printable(value)}`);
  }
  if (batches.requested > 0) {
    lines.push(
      `machines of batches: ${batches.requested} requested, ${batches.successful} made, ${batches.failed} failed`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function timeFlagMs(command: Command, name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = Date.parse(timeOf(command, text) ?? '');
  if (!Number.isNaN(time)) return time;
  throw new CliError(`${name} is "${printable(text)}"; allowed: a time such as 2024-01-15 10:30`, {
    exitCode: 2,
  });
}
