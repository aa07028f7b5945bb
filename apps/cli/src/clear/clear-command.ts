import { type ClearProgress, clearQuerySchema } from '@tailrace/api';
import { ConnectionError } from '@tailrace/client';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { printable } from '../print/printable.js';
import { addQueryFlags, queryOf, timeOf } from '../query/query-flags.js';
import { given, type QueryParameters } from '../query/query-parameters.js';
import { shownCount } from '../statistics/figures.js';

/** Adds `clear`: removes all log data, or the entries that match. */
export function addClearCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('clear')
    .description('Remove all log data, or with filters the entries that match; asks first')
    .addOption(new Option('--before <time>', clearQuerySchema.shape.before.description ?? ''))
    .option('--yes', 'Do not ask');
  addQueryFlags(command, 'filters');
  command.action(async ({ before, yes }: { before?: string; yes?: boolean }) => {
    const context = openContext(command);
    const query = { ...queryOf(command), before: timeOf(command, before) };
    if (!yes) await confirm(context, query);
    const removed = await clear(context, query);
    await context.out.write(
      context.json ? `${JSON.stringify({ removed })}\n` : `${entriesRemoved(removed)}\n`,
    );
  });
}

/** @throws CliError where nobody can be asked, or the answer is not yes. */
async function confirm({ host, err, gateway }: Context, query: QueryParameters): Promise<void> {
  if (!host.stdin.isTTY) {
    throw new CliError(
      `nothing was removed: there is no terminal to ask; give ${host.isRecipe ? 'yes=yes' : '--yes'}`,
      { exitCode: 2 },
    );
  }
  const filters = Object.entries(query).flatMap(([name, value]) => (value ? `${name}=${value}` : []));
  const what =
    filters.length === 0
      ? 'all log data, statistics included,'
      : `the entries with ${printable(filters.join(' '))}`;
  await err.write(`Remove ${what} at ${gateway.address}?\nType yes to go on: `);
  if ((await readLine(host.stdin)).trim().toLowerCase() !== 'yes') {
    throw new CliError('nothing was removed');
  }
}

async function readLine(stdin: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += chunk.toString();
    if (text.includes('\n')) break;
  }
  return text.split('\n', 1)[0] ?? '';
}

/** @returns how many entries were removed. */
async function clear({ gateway, err }: Context, query: QueryParameters): Promise<number> {
  let last: ClearProgress | undefined;
  try {
    for await (const progress of gateway.clear(given(query))) {
      last = progress;
      if (err.isTerminal) await err.write(`\r${entriesRemoved(last.removed)}`);
    }
  } catch (error) {
    // Before the first progress nothing may have begun: then the error itself says the most.
    if (last === undefined || !(error instanceof ConnectionError)) throw error;
  } finally {
    if (err.isTerminal) await err.write('\r\x1b[K');
  }
  if (last?.done) return last.removed;
  const reason = last?.error ?? 'the connection to the gateway was lost';
  throw new CliError(`${printable(reason)}; ${entriesRemoved(last?.removed ?? 0)} before`);
}

function entriesRemoved(count: number): string {
  return `${shownCount(count)} ${count === 1 ? 'entry' : 'entries'} removed`;
}
