import { format } from 'node:util';
import type { Level } from '@tailrace/schema';
import { isError } from '@tailrace/writer';
import { currentLogger } from '../log-functions.js';

/** How `console` is captured. */
export interface CaptureConsoleOptions {
  /** Whether what is logged is printed as before, too. @default true */
  readonly print?: boolean;
  /** The component of the entries. @default console */
  readonly component?: string;
}

const METHODS = {
  trace: 'TRACE',
  debug: 'DEBUG',
  log: 'INFO',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
} as const satisfies Record<string, Level>;
type Method = keyof typeof METHODS;

/**
 * Logs what the process prints by `console.log`, `info`, `debug`, `trace`, `warn` and `error`, and by methods that print
 * through these (not `dir`). An error among the arguments is the entry's error.
 *
 * @returns puts the console back, unless something else has taken the methods over since
 * @throws RangeError when an option is wrong: it names the option, its value and what is allowed.
 */
export function captureConsole(options: CaptureConsoleOptions = {}): () => void {
  const { print = true, component = 'console' } = options;
  if (typeof print !== 'boolean') throw new RangeError(`print is ${typeof print}; allowed: true or false`);
  if (typeof component !== 'string' || component === '') {
    throw new RangeError(`component is ${JSON.stringify(component)}; allowed: a text that is not empty`);
  }
  // `console.trace` prints through `console.error`, and a value may print while it is formatted.
  let isInside = false;
  const { console: target } = globalThis;
  const undo = (Object.keys(METHODS) as Method[]).map((name) => {
    const original = target[name];
    const capturing = (...args: unknown[]): void => {
      if (isInside) {
        original.apply(target, args);
        return;
      }
      isInside = true;
      try {
        logCall(METHODS[name], component, args);
        if (print) original.apply(target, args);
      } finally {
        isInside = false;
      }
    };
    target[name] = capturing;
    return () => {
      if (target[name] === capturing) target[name] = original;
    };
  });
  return () => {
    for (const each of undo) each();
  };
}

function logCall(level: Level, component: string, args: readonly unknown[]): void {
  const [first] = args;
  const error = args.find(isError);
  const fields = { component, ...(error !== undefined && { error }) };
  // An error alone is its message; as text of the console it would be its stack.
  const message = args.length === 1 && error !== undefined ? first : textOf(args);
  currentLogger().log(level, message, fields);
}

/** As the console prints it; a value may throw when it is looked at. */
function textOf(args: readonly unknown[]): string {
  try {
    return format(...args);
  } catch {
    return '[unreadable]';
  }
}
