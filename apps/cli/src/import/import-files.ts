import { type FileHandle, open } from 'node:fs/promises';
import { type IntakeOptions, readLines } from '@tailrace/intake';
import type { CallError } from '../call-error.js';
import { CliError } from '../cli-error.js';
import type { Context } from '../context.js';
import { printableJson } from '../print/printable.js';
import { readBatches } from './batches.js';
import { createFingerprint } from './fingerprint.js';
import type { ImportFlags } from './import-flags.js';
import { addToReport, type ImportReport } from './import-report.js';
import type { Input } from './input.js';
import { NewestTime } from './newest-time.js';
import { asOAuthStep } from './oauth-entry.js';
import type { OpenFile } from './open-files.js';
import type { PastImports } from './past-imports.js';
import { postOf } from './post-entries.js';
import { createProgress, type Progress } from './progress.js';
import { type BatchResult, uploadBatches } from './upload.js';

/** How files are imported. */
export interface ImportOptions {
  readonly flags: ImportFlags;
  readonly intake: IntakeOptions;
  readonly report: ImportReport;
  readonly past: PastImports;
}

/** Imports files one after the other. One that turns out to be damaged is noted in the report, and the next one goes on. */
export async function importFiles(
  context: Context,
  files: readonly OpenFile[],
  { flags, intake, report, past }: ImportOptions,
): Promise<void> {
  const now = Date.now();
  const { post, maxEntries } = postOf(context.gateway, flags.archiveClass);
  const shiftMs = flags.rebaseToNow ? await shiftOf(context, files, { ...intake, now }) : 0;
  const refusedFile = flags.refused ? await createRefusedFile(flags.refused) : undefined;
  const progress = openProgress(context, files);
  try {
    for (const { path, input } of files) {
      const before = bytesOf(files);
      const fingerprint = createFingerprint();
      const batches = readBatches(readLines(input.read()), {
        seen: fingerprint.add,
        intake: { ...intake, now },
        file: files.length > 1 ? path : undefined,
        shiftMs,
        maxEntries,
        now,
        finish: flags.oauth ? asOAuthStep : undefined,
      });
      const firstId = await upload(batches, input, before);
      if (firstId !== undefined) await past.add(path, fingerprint, firstId);
    }
  } finally {
    progress?.stop();
    await refusedFile?.close();
  }

  /** @returns the first id given, when the whole file was imported. */
  async function upload(
    batches: ReturnType<typeof readBatches>,
    input: Input,
    bytesBefore: number,
  ): Promise<string | undefined> {
    let failure: CallError | undefined;
    let firstId: string | undefined;
    try {
      for await (const result of uploadBatches(post, batches)) {
        addToReport(report, result);
        await refusedFile?.appendFile(refusedLines(result));
        progress?.update(bytesBefore + input.bytesRead(), report.read);
        failure ??= result.failure;
        firstId ??= result.firstId;
      }
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      report.damaged.push(error);
      return undefined;
    }
    if (failure) throw failure;
    return firstId;
  }
}

/** The span that brings the newest line of all files to now. */
async function shiftOf(
  context: Context,
  files: readonly OpenFile[],
  intake: IntakeOptions & { readonly now: number },
): Promise<number> {
  await context.hint('looking for the newest line');
  const newest = new NewestTime(intake.now);
  for (const { input } of files) {
    try {
      await newest.addLines(readLines(input.read()), intake);
    } catch (error) {
      // The import itself will say it.
      if (!(error instanceof CliError)) throw error;
    }
  }
  const time = newest.value();
  return time === undefined ? 0 : intake.now - time;
}

function openProgress({ err, host }: Context, files: readonly OpenFile[]): Progress | undefined {
  if (!err.isTerminal) return undefined;
  const sizes = files.map(({ input }) => input.size);
  return createProgress(
    host.stderr,
    sizes.includes(undefined) ? undefined : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  );
}

function bytesOf(files: readonly OpenFile[]): number {
  return files.reduce((sum, { input }) => sum + input.bytesRead(), 0);
}

function refusedLines({ lines }: BatchResult): string {
  return lines
    .filter((line) => line.refused)
    .map(({ number, file, text, refused }) => `${printableJson({ file, line: number, ...refused, text })}\n`)
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
