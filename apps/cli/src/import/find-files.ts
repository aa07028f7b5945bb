import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { CliError } from '../cli-error.js';

/**
 * The files that names and patterns mean, each once: what exists by that name is that file, also where the name looks like
 * a pattern. A pattern's files are in the order of their names.
 *
 * @throws CliError when no file matches a pattern.
 */
export async function findFiles(patterns: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pattern of patterns) {
    if (pattern === '-' || existsSync(pattern) || !isDynamicPattern(pattern)) {
      found.push(pattern);
      continue;
    }
    const files = await glob(pattern, {
      absolute: isAbsolute(pattern),
      dot: true,
      expandDirectories: false,
    });
    if (files.length === 0) throw new CliError(`no file matches ${pattern}`);
    found.push(...files.sort());
  }
  const places = new Map(found.map((path) => [path === '-' ? path : resolve(path), path]));
  return [...places.values()];
}
