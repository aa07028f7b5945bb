import { type FileHandle, open } from 'node:fs/promises';
import type { Command } from 'commander';
import type { CallError } from '../call-error.js';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { printableJson } from '../print/printable.js';
import { newestTime, readBatches } from './batches.js';
import { addToReport, createReport, type ImportReport, reportJson, reportText } from './import-report.js';
import { type Input, openInput } from './input.js';
import { readLines } from './lines.js';
import { asOAuthStep } from './oauth-entry.js';
import { createProgress } from './progress.js';
import { type BatchResult, uploadBatches } from './upload.js';

interface ImportFlags {
  readonly rebaseToNow?: boolean;
  readonly strict?: boolean;
  readonly oauth?: boolean;
  readonly refused?: string;
}

/** Adds `import FILE|-`. */
export function addImportCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('import')
    .description('Import Common or Combined Log Format or JSON lines, packed with gzip or not')
    .argument('<file>', 'File to read, - for standard input')
    .option('--rebase-to-now', 'Move all times by the same span, so that the newest line is now')
    .option('--refused <file>', 'Write refused lines there, one JSON object each')
    .option('--strict', 'Fail if any line is refused')
    .option('--oauth', 'Requests to OAuth endpoints become steps of OAuth flows');
  command.action(async (path: string, flags: ImportFlags) => {
    const context = openContext(command);
    const input = await openInput(path, context.host.stdin, flags.rebaseToNow === true);
    const report = createReport();
    try {
      await importInput(context, input, flags, report);
    } finally {
      await input.close();
      await context.out.write(
        context.json ? reportJson(report) : reportText(report, flags.rebaseToNow === true),
      );
    }
    checkReport(report, flags);
  });
}

async function importInput(
  context: Context,
  input: Input,
  flags: ImportFlags,
  report: ImportReport,
): Promise<void> {
  const now = Date.now();
  if (flags.rebaseToNow) await context.hint('looking for the newest line');
  const newest = flags.rebaseToNow ? await newestTime(readLines(input.read())) : undefined;
  const batches = readBatches(
    readLines(input.read()),
    newest === undefined ? 0 : now - newest,
    now,
    flags.oauth ? asOAuthStep : undefined,
  );
  const refusedFile = flags.refused ? await createRefusedFile(flags.refused) : undefined;
  const progress = context.err.isTerminal ? createProgress(context.host.stderr, input.size) : undefined;
  let failure: CallError | undefined;
  try {
    for await (const result of uploadBatches(context.gateway, batches)) {
      addToReport(report, result);
      await refusedFile?.appendFile(refusedLines(result));
      progress?.update(input.bytesRead(), report.read);
      failure ??= result.failure;
    }
  } finally {
    progress?.stop();
    await refusedFile?.close();
  }
  if (failure) throw failure;
}

function refusedLines({ lines }: BatchResult): string {
  return lines
    .filter((line) => line.refused)
    .map(({ number, text, refused }) => `${printableJson({ line: number, ...refused, text })}\n`)
    .join('');
}

/** The lines may hold secrets, so only the owner may read them. */
async function createRefusedFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w', 0o600);
  } catch (error) {
    throw new CliError(`cannot write --refused: ${(error as Error).message}`, { cause: error });
  }
}

/** Some refused lines are no failure (the summary tells), unless nothing else was there or `--strict` says so. */
function checkReport({ imported, refused }: ImportReport, flags: ImportFlags): void {
  if (refused.count === 0) return;
  if (imported === 0) throw new CliError('no line was imported');
  if (flags.strict) throw new CliError(`${refused.count} lines were refused (--strict)`);
}
