import { EXPORT_FORMATS, exportQuerySchema } from '@tailrace/api';
import { IncompleteExportError } from '@tailrace/client';
import type { EntryReply } from '@tailrace/schema';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { printable } from '../print/printable.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { given } from '../query/query-parameters.js';
import { shownBytes } from '../statistics/figures.js';
import { FOREIGN_FORMATS, FOREIGN_LINES, type ForeignFormat, isForeign } from './foreign-formats.js';

const PROGRESS_MS = 250;

/** Adds `export`: every entry that matches, newest first, as it comes. */
export function addExportCommand(program: Command, openContext: OpenContext): void {
  const { limit, cursor } = exportQuerySchema.shape;
  const command = program
    .command('export')
    .description('Write every entry that matches to standard output, newest first')
    .addOption(
      new Option(
        '--format <format>',
        `${EXPORT_FORMATS.join(', ')}, or what another store takes. Default: ndjson`,
      ).choices([...EXPORT_FORMATS, ...FOREIGN_FORMATS]),
    )
    .option('--limit <count>', limit.description)
    .option('--cursor <cursor>', cursor.description);
  addQueryFlags(command, 'window');
  command.action(async (flags: { format?: string; limit?: string; cursor?: string }) => {
    const { host, gateway, out, err } = openContext(command);
    const { format } = flags;
    const linesOf = isForeign(format) ? foreignLines(format) : (line: string) => [line];
    const query = {
      ...queryOf(command),
      format: isForeign(format) ? 'ndjson' : format,
      limit: flags.limit,
      cursor: flags.cursor,
    };
    const signal = host.onInterrupt();
    const showsProgress = err.isTerminal && !out.isTerminal;
    let bytes = 0;
    let shownAt = performance.now();
    try {
      for await (const line of gateway.exportLines(given(query), { signal })) {
        for (const written of linesOf(line)) {
          bytes += Buffer.byteLength(written) + 1;
          // A terminal would act on what stands in a log.
          await out.write(`${out.isTerminal ? printable(written.replace(/\r$/, '')) : written}\n`);
        }
        if (!showsProgress || performance.now() - shownAt < PROGRESS_MS) continue;
        shownAt = performance.now();
        await err.write(`\r${shownBytes(bytes)} written`);
      }
    } catch (error) {
      const reason = signal.aborted ? 'interrupted' : incompleteText(error);
      if (reason === undefined) throw error;
      throw new CliError(`${reason}; the export is not complete: ${shownBytes(bytes)} before`);
    } finally {
      if (showsProgress) await err.write('\r\x1b[K');
    }
  });
}

function foreignLines(format: ForeignFormat): (line: string) => string[] {
  const linesOf = FOREIGN_LINES[format];
  return (line) => linesOf(JSON.parse(line) as EntryReply).map((one) => JSON.stringify(one));
}

function incompleteText(error: unknown): string | undefined {
  if (!(error instanceof IncompleteExportError)) return undefined;
  const { message, nextCursor } = error;
  return printable(nextCursor === undefined ? message : `${message} (go on with --cursor ${nextCursor})`);
}
