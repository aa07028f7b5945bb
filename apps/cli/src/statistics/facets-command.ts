import { FACET_FIELDS } from '@tailrace/schema';
import type { Command } from 'commander';
import type { OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { nothingFound } from '../query/asked-text.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';
import { rankingLines } from './ranking.js';

/** As where there is no terminal. */
const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

/** Adds `facets`: the most frequent values of several fields at once. */
export function addFacetsCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('facets')
    .description('Show the most frequent values of several fields under one filter')
    .option('--fields <names>', `Fields, with commas between: ${FACET_FIELDS.join(', ')}`)
    .option('--limit <count>', 'How many values of each. Default: 10');
  addQueryFlags(command, 'window');
  command.action(async ({ fields, limit }: { fields?: string; limit?: string }) => {
    const { gateway, json, out, palette, hint } = openContext(command);
    const query = { ...queryOf(command), fields, limit };
    const reply = await gateway.facets(given(query));
    if (json) return out.write(`${printableJson(reply)}\n`);
    const width = Math.min(MAX_WIDTH, out.columns ?? DEFAULT_WIDTH);
    const shown = Object.entries(reply.facets).filter(([, values]) => values.length > 0);
    for (const [field, values] of shown) {
      const rows = values.map(({ value, count }) => ({ name: value, count }));
      await out.write(`${palette.dim(field)}\n${rankingLines(rows, width).join('\n')}\n`);
    }
    if (shown.length === 0) await hint(nothingFound('entries', queryOf(command)));
    if (!reply.exact && reply.note !== null) await hint(reply.note);
  });
}
