import { CliError } from './cli-error.js';
import { printable } from './print/printable.js';

const YES: ReadonlySet<string> = new Set(['yes', 'true', 'on', '1']);
const NO: ReadonlySet<string> = new Set(['', 'no', 'false', 'off', '0']);

/**
 * A flag or argument that says yes or no in a word; an empty one is no.
 *
 * @param value `true` for a flag without a word, `undefined` for none
 * @throws CliError when it is another word.
 */
export function isYes(name: string, value: string | boolean | undefined): boolean {
  if (typeof value !== 'string') return value === true;
  const word = value.trim().toLowerCase();
  if (YES.has(word)) return true;
  if (NO.has(word)) return false;
  throw new CliError(`${name} is "${printable(value)}"; allowed: yes or no`, { exitCode: 2 });
}
