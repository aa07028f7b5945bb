import { EXPORT_FORMATS, exportErrorSchema, exportQuerySchema } from '@tailrace/api';
import { type Command, Option } from 'commander';
import { CliError } from '../cli-error.js';
import type { OpenContext } from '../context.js';
import { GatewayError } from '../gateway-error.js';
import { printable } from '../print/printable.js';
import { addQueryFlags, queryOf } from '../query/query-flags.js';
import { shownBytes } from '../statistics/figures.js';

const PROGRESS_MS = 250;

/** Adds `export`: every entry that matches, newest first, as it comes. */
export function addExportCommand(program: Command, openContext: OpenContext): void {
  const { limit, cursor, format } = exportQuerySchema.shape;
  const command = program
    .command('export')
    .description('Write every entry that matches to standard output, newest first')
    .addOption(new Option('--format <format>', format.description).choices(EXPORT_FORMATS))
    .option('--limit <count>', limit.description)
    .option('--cursor <cursor>', cursor.description);
  addQueryFlags(command, 'window');
  command.action(async (flags: { format?: string; limit?: string; cursor?: string }) => {
    const { host, gateway, out, err } = openContext(command);
    const query = { ...queryOf(command), format: flags.format, limit: flags.limit, cursor: flags.cursor };
    const response = await gateway.open('/logs/export', query, { accept: '*/*' }, host.onInterrupt());
    const showsProgress = err.isTerminal && !out.isTerminal;
    let bytes = 0;
    let shownAt = performance.now();
    let unfinished: string | undefined;
    try {
      for await (const line of linesOf(response)) {
        unfinished = failureIn(line);
        if (unfinished !== undefined) break;
        bytes += Buffer.byteLength(line) + 1;
        // A terminal would act on what stands in a log.
        await out.write(`${out.isTerminal ? printable(line.replace(/\r$/, '')) : line}\n`);
        if (!showsProgress || performance.now() - shownAt < PROGRESS_MS) continue;
        shownAt = performance.now();
        await err.write(`\r${shownBytes(bytes)} written`);
      }
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      unfinished = 'the connection to the gateway was lost';
    } finally {
      if (showsProgress) await err.write('\r\x1b[K');
    }
    if (unfinished !== undefined) {
      throw new CliError(`${unfinished}; the export is not complete: ${shownBytes(bytes)} before`);
    }
  });
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw GatewayError.foreign(response.url);
}

/** What the gateway says in place of the entries it could not send. */
function failureIn(line: string): string | undefined {
  if (!line.startsWith('{"export_error":')) return undefined;
  const { message, next_cursor } = exportErrorSchema.parse(JSON.parse(line)).export_error;
  const how = next_cursor === null ? '' : ` (go on with --cursor ${next_cursor})`;
  return printable(message + how);
}

/** What `fetch` throws when the reply is cut off, or ended by whoever asked. */
function isConnectionLoss(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.name === 'AbortError');
}
