import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { nothingFound } from '../query/asked-text.js';
import { oldestFirst, readPages } from '../query/pages.js';
import { addPagingFlags, addQueryFlags, limitOf, queryOf } from '../query/query-flags.js';
import { isYes } from '../yes-or-no.js';
import { errorText } from './error-text.js';

/** Adds `errors-debug`: errors with all their fields, as `entry` shows one. */
export function addErrorsDebugCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('errors-debug')
    .description('Show entries of level ERROR and up with all their fields, oldest to newest')
    .option('--include-warnings [yes-or-no]', 'Also entries of level WARNING');
  addPagingFlags(command);
  addQueryFlags(command, 'window');
  command.action(async ({ includeWarnings }: { includeWarnings?: string | boolean }) => {
    const { gateway, json, out, palette, print, hint } = openContext(command);
    const query = queryOf(command);
    const withWarnings = isYes('include-warnings', includeWarnings);
    // Not the errors endpoint: its requests of status 400 and up are warnings, and would crowd out the errors.
    const asked = { ...query, min_level: withWarnings ? 'WARNING' : 'ERROR', 'level!': 'AUDIT' };
    const pages = readPages(gateway, 'GET /logs', asked, limitOf(command));
    let shown = 0;
    for await (const entries of oldestFirst(pages)) {
      shown += entries.length;
      if (json) await print(entries);
      else for (const entry of entries) await out.write(`${errorText(entry, palette, out.columns)}\n`);
    }
    if (shown === 0) await hint(nothingFound(withWarnings ? 'errors or warnings' : 'errors', query));
  });
}
