import type { Context } from '../context.js';
import type { ImportFlags } from './import-flags.js';
import { type Input, openInput } from './input.js';
import { PastImports } from './past-imports.js';

/** A file that is to be imported. */
export interface OpenFile {
  readonly path: string;
  readonly input: Input;
}

/** Files opened, and what is said of those that are left out because they were imported before. */
export interface OpenFiles {
  readonly files: readonly OpenFile[];
  readonly skipped: readonly string[];
  readonly past: PastImports;
}

/**
 * Opens files; the caller closes them.
 *
 * @throws CliError when one cannot be read: then none stays open.
 */
export async function openFiles(
  context: Context,
  paths: readonly string[],
  flags: ImportFlags,
): Promise<OpenFiles> {
  const past = await PastImports.open(context);
  const files: OpenFile[] = [];
  const skipped: string[] = [];
  try {
    for (const path of paths) {
      const file = { path, input: await openInput(path, context.host.stdin, flags.rebaseToNow === true) };
      files.push(file);
      const known = flags.again ? undefined : await past.find(file);
      if (known === undefined) continue;
      files.pop();
      skipped.push(known);
      await file.input.close();
    }
  } catch (error) {
    for (const { input } of files) await input.close();
    throw error;
  }
  return { files, skipped, past };
}
