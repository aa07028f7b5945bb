import { readFile } from 'node:fs/promises';
import { CliError } from '../cli-error.js';
import { printable } from '../print/printable.js';

/** @param keyOrFile the key itself, or the file that has it */
export async function readPublicKey(keyOrFile: string): Promise<string> {
  return /^\S+\+[0-9a-f]{8}\+/.test(keyOrFile) ? keyOrFile : readKeyFile(keyOrFile);
}

/** @throws CliError when the file cannot be read. */
export async function readKeyFile(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new CliError(`cannot read the key ${printable(path)}`, { cause });
  });
}
