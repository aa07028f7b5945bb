import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { oldestFirst, readPages } from '../query/pages.js';
import { addPagingFlags, addQueryFlags, limitOf, queryOf } from '../query/query-flags.js';
import { errorText } from './error-text.js';

/** Adds `errors-debug`: errors with all their fields, as `entry` shows one. */
export function addErrorsDebugCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('errors-debug')
    .description('Show errors with all their fields, oldest to newest')
    .option('--include-warnings [yes-or-no]', 'Also entries of level WARNING');
  addPagingFlags(command);
  addQueryFlags(command, 'window');
  command.action(async ({ includeWarnings }: { includeWarnings?: string | boolean }) => {
    const { gateway, json, out, palette, print } = openContext(command);
    const query = queryOf(command);
    const pages = isYes(includeWarnings)
      ? readPages(
          gateway,
          'GET /logs',
          { ...query, min_level: 'WARNING', 'level!': 'AUDIT' },
          limitOf(command),
        )
      : readPages(gateway, 'GET /logs/errors', query, limitOf(command));
    for await (const entries of oldestFirst(pages)) {
      if (json) await print(entries);
      else for (const entry of entries) await out.write(`${errorText(entry, palette)}\n`);
    }
  });
}

/** A recipe's argument says it in a word; an empty one is no. */
function isYes(value: string | boolean | undefined): boolean {
  if (typeof value !== 'string') return value === true;
  return !['', '0', 'false', 'no', 'off'].includes(value.trim().toLowerCase());
}
