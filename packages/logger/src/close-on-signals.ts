import { constants } from 'node:os';
import { close } from './log-functions.js';
import { shared } from './shared-state.js';

/** How {@link closeOnSignals} behaves. */
export interface CloseOnSignalsOptions {
  /** @default SIGTERM and SIGINT */
  readonly signals?: readonly NodeJS.Signals[];
  /** Milliseconds the logger may take; what is not written by then goes into the spool. @default 5000 */
  readonly deadlineMs?: number;
}

const DEFAULT_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/**
 * Lets the process end by a signal with everything logged. The first signal closes the logger that all `log_*` functions
 * share, then ends the process as that signal would have without it: a shell sees 128 and its number. A second signal
 * ends it at once; what is open then goes into the spool.
 *
 * For programs that have nothing else to do when they are told to end. Others call `close()` in a handler of their own. A
 * second call takes the place of the first.
 *
 * @returns takes the handling back.
 */
export function closeOnSignals({
  signals = DEFAULT_SIGNALS,
  deadlineMs,
}: CloseOnSignalsOptions = {}): () => void {
  shared.undoSignals?.();
  let isClosing = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (isClosing) process.exit(exitCodeOf(signal));
    isClosing = true;
    void close(deadlineMs).finally(() => {
      undo();
      endBy(signal);
    });
  };
  const undo = () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  shared.undoSignals = undo;
  return undo;
}

/** With nobody listening any more the signal does what it does by default, except to process 1 of a container. */
function endBy(signal: NodeJS.Signals): never {
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  process.exit(exitCodeOf(signal));
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
