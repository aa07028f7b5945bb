import { FORMATS, Intake, type IntakeOptions, WRAPPERS } from '@tailrace/intake';
import type { Command } from 'commander';
import { CliError } from '../cli-error.js';
import type { Context, OpenContext } from '../context.js';
import { findFiles } from './find-files.js';
import { importFiles } from './import-files.js';
import type { ImportFlags } from './import-flags.js';
import { createReport, type ImportReport, reportJson, reportText } from './import-report.js';
import { openFiles } from './open-files.js';

/** Exit code of wrong usage. */
const USAGE = { exitCode: 2 };

/** Adds `import FILE...|-`. */
export function addImportCommand(program: Command, openContext: OpenContext): void {
  const command = program
    .command('import')
    .description('Import log files of any known format, packed with gzip or not')
    .argument('[files...]', 'Files to read, also by patterns such as "logs/*.gz"; - for standard input')
    .option('--format <name>', 'The format of all lines. Default: told by each line')
    .option('--list-formats', 'Show the formats there are')
    .option('--time-zone <zone>', 'Of times that name none, such as Europe/Vienna or +02:00. Default: UTC')
    .option('--again', 'Import files all the same that were imported before')
    .option('--rebase-to-now', 'Move all times by the same span, so that the newest line is now')
    .option('--refused <file>', 'Write refused lines there, one JSON object each')
    .option('--strict', 'Fail if any line is refused')
    .option(
      '--archive-class <class>',
      'Into files, kept as long as the class says: a name, at first with days, such as old-access=3650',
    )
    .option('--oauth', 'Requests to OAuth endpoints become steps of OAuth flows');
  command.action(async (patterns: string[], flags: ImportFlags) => {
    const context = openContext(command);
    if (flags.listFormats) {
      await context.out.write(formatList(context.json));
      return;
    }
    if (patterns.length === 0) throw new CliError('which file is to be imported? - is standard input', USAGE);
    const intake = checkedOptions(flags);
    const paths = await findFiles(patterns);
    const { files, past, skipped } = await openFiles(context, paths, flags);
    if (files.length === 0) throw new CliError(skipped.join('; '));
    for (const text of skipped) await context.notice(text);
    const report = createReport();
    try {
      await importFiles(context, files, { flags, intake, report, past });
    } finally {
      for (const { input } of files) await input.close();
      await writeReport(context, report, flags);
    }
    checkReport(report, flags);
  });
}

function checkedOptions({ format, timeZone }: ImportFlags): IntakeOptions {
  const options = { format, timeZone };
  try {
    new Intake(options);
  } catch (error) {
    if (error instanceof RangeError) throw new CliError(error.message, { ...USAGE, cause: error });
    throw error;
  }
  return options;
}

function formatList(isJson: boolean): string {
  const formats = [...WRAPPERS, ...FORMATS].map(({ name, title, reference }) => ({ name, title, reference }));
  if (isJson) return formats.map((format) => `${JSON.stringify(format)}\n`).join('');
  const width = Math.max(...formats.map(({ name }) => name.length));
  return formats.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join('');
}

async function writeReport({ out, json }: Context, report: ImportReport, flags: ImportFlags): Promise<void> {
  await out.write(json ? reportJson(report) : reportText(report, flags.rebaseToNow === true));
}

/** Some refused lines are no failure (the summary tells), unless nothing else was there or `--strict` says so. */
function checkReport(report: ImportReport, flags: ImportFlags): void {
  const { imported, refused, damaged } = report;
  const [first] = damaged;
  if (first !== undefined) throw first;
  if (refused.count === 0) return;
  if (imported === 0) throw new CliError('no line was imported');
  if (flags.strict) throw new CliError(`${refused.count} lines were refused (--strict)`);
}
