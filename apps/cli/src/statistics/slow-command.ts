import { DEFAULT_LIMIT, DEFAULT_SLOW_MS } from '@tailrace/api';
import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { nothingFound } from '../query/asked-text.js';
import { oldestFirst, readPages } from '../query/pages.js';
import { addPagingFlags, addQueryFlags, limitOf, queryOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';

/** Adds `slow`: what took longer than a threshold. */
export function addSlowCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('slow')
    .description('Show what took long, oldest to newest or the slowest first')
    .argument('[threshold-ms]', `Longer than this many milliseconds. Default: ${DEFAULT_SLOW_MS}`)
    .option('--slowest', 'The slowest ones, slowest first, instead of the newest');
  addPagingFlags(command);
  addQueryFlags(command, 'window', 'min_ms');
  command.action(async (threshold: string | undefined, { slowest }: { slowest?: boolean }) => {
    const { gateway, print, hint } = openContext(command);
    const query = { ...queryOf(command), threshold };
    const things = `entries longer than ${threshold || DEFAULT_SLOW_MS} ms`;
    if (slowest) {
      const { limit = String(DEFAULT_LIMIT) } = command.opts<{ limit?: string }>();
      const asked = { ...query, order: 'slowest', limit };
      const { logs, partial } = await gateway.slow(given(asked));
      await print(logs);
      if (logs.length === 0 && !partial) await hint(nothingFound(things, query));
      if (partial) await hint('too many to look at all: these are the slowest of the newest');
      return;
    }
    let shown = 0;
    for await (const entries of oldestFirst(readPages(gateway, 'GET /logs/slow', query, limitOf(command)))) {
      await print(entries);
      shown += entries.length;
    }
    if (shown === 0) await hint(nothingFound(things, query));
  });
}
