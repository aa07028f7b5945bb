import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogContext } from './call/context.js';
import { complain } from './environment.js';
import type { Logger } from './logger.js';
import { VERSION } from './version.js';

/**
 * What all copies of this package in one process share: ESM and CommonJS, in a bundle or not, loaded anew at each edit
 * by a development server. Other packages find it by its symbol; a change that older copies do not understand needs
 * another number there.
 */
export interface SharedState {
  /** Version of the copy that was loaded first, whose logger all copies use. */
  readonly version: string;
  readonly contexts: AsyncLocalStorage<LogContext | undefined>;
  /** The logger of all `log_*` calls, once there is one. */
  logger: Logger | undefined;
  /** Loggers of recorders, the one that records last. */
  standIns: readonly Logger[];
  /** The last of them; while there is one, the shared logger rests. */
  standIn: Logger | undefined;
  /** What is called when the process ends, in the order it was given. */
  readonly beforeExit: Set<() => void>;
  readonly exit: Set<() => void>;
  /** Takes the listeners of the process off which call them; `undefined` while there are none. */
  stopListening: (() => void) | undefined;
  /** Takes back how signals are handled. */
  undoSignals: (() => void) | undefined;
}

const KEY = Symbol.for('tailrace.logger.1');

/** Finds what is shared, or begins it. */
function findShared(): SharedState {
  const holder = globalThis as { [KEY]?: SharedState };
  const found = holder[KEY];
  if (found !== undefined) {
    if (found.version !== VERSION) {
      complain(
        `@tailrace/logger is loaded in two versions, ${found.version} and ${VERSION}: all log through the first; install one`,
      );
    }
    return found;
  }
  const begun: SharedState = {
    version: VERSION,
    contexts: new AsyncLocalStorage(),
    logger: undefined,
    standIns: [],
    standIn: undefined,
    beforeExit: new Set(),
    exit: new Set(),
    stopListening: undefined,
    undoSignals: undefined,
  };
  Object.defineProperty(holder, KEY, { value: begun });
  return begun;
}

/** @see SharedState */
export const shared: SharedState = findShared();
