import { LEVEL_NAMES } from '@tailrace/schema';
import type { Argument, Command, Option } from 'commander';

/** What may stand at the cursor. */
export interface Candidate {
  readonly word: string;
  readonly about: string;
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
/** Values of filters that are few; commands name those of their own flags and arguments. */
const FILTER_VALUES: Readonly<Record<string, readonly string[]>> = {
  level: LEVEL_NAMES,
  'min-level': LEVEL_NAMES,
  outcome: ['success', 'failure'],
  kind: ['request', 'log'],
  method: METHODS,
  status: ['2xx', '3xx', '4xx', '5xx'],
};

/**
 * What completes the last of the words.
 *
 * @param words behind the program's name, the last one up to the cursor; a shell may give `--level=E` in three of them
 * @returns none where any text may stand, a file's name for example.
 */
export function candidatesFor(program: Command, words: readonly string[]): Candidate[] {
  const { given, current, flag } = atCursor(words);
  const { command, argument } = commandAt(program, given);
  const options = [...command.options, ...(command === program ? [] : program.options)];
  const asked = optionNamed(options, flag ?? given.at(-1));
  if (asked !== undefined && (flag !== undefined || asked.required)) {
    return starting(
      current,
      valuesOf(asked).map((word) => ({ word, about: '' })),
    );
  }
  if (current.startsWith('-')) return starting(current, flagsOf(options, current));
  const commands = command.commands.map((one) => ({ word: one.name(), about: one.description() }));
  return starting(current, [...commands, ...argumentValues(command.registeredArguments[argument])]);
}

/** The words before the cursor, the text at it, and the flag whose value that is when `=` joins them. */
function atCursor(words: readonly string[]): { given: readonly string[]; current: string; flag?: string } {
  const last = words.at(-1) ?? '';
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(last) ?? [];
  if (flag !== undefined) return { given: words.slice(0, -1), current: value ?? '', flag };
  // bash takes `=` for a word of its own.
  if (last === '=') return { given: words.slice(0, -2), current: '', flag: words.at(-2) ?? '' };
  if (words.at(-2) === '=') return { given: words.slice(0, -3), current: last, flag: words.at(-3) ?? '' };
  return { given: words.slice(0, -1), current: last };
}

/** The command the words name, and which of its arguments comes next. */
function commandAt(program: Command, given: readonly string[]): { command: Command; argument: number } {
  let command = program;
  let argument = 0;
  for (let i = 0; i < given.length; i++) {
    const word = given[i] ?? '';
    if (word.startsWith('-')) {
      const option = optionNamed([...command.options, ...program.options], word);
      // `=` of bash stands between the flag and its value.
      if (option?.required) i += given[i + 1] === '=' ? 2 : word.includes('=') ? 0 : 1;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) argument++;
    else command = next;
  }
  return { command, argument };
}

function optionNamed(options: readonly Option[], word: string | undefined): Option | undefined {
  return options.find(({ long }) => long !== undefined && long === word);
}

function valuesOf(option: Option): readonly string[] {
  const filter = (option.long ?? '').replace(/^--(not-)?/, '');
  return option.argChoices ?? FILTER_VALUES[filter] ?? [];
}

function argumentValues(argument: Argument | undefined): Candidate[] {
  if (argument === undefined) return [];
  const values =
    argument.argChoices ?? FILTER_VALUES[argument.name() === 'code' ? 'status' : argument.name()];
  return (values ?? []).map((word) => ({ word, about: '' }));
}

/** Flags are shown as in the help; the contraries of filters, which are many, when their beginning is there. */
function flagsOf(options: readonly Option[], current: string): Candidate[] {
  const shown = options.filter(({ hidden }) => !hidden || current.startsWith('--not'));
  return [
    ...shown.map(({ long = '', description }) => ({ word: long, about: description })),
    { word: '--help', about: 'Show what there is' },
  ];
}

function starting(current: string, candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter(({ word }) => word.toLowerCase().startsWith(current.toLowerCase()));
}
