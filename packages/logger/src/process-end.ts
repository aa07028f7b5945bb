/** The process's events at its end: it has nothing left to do, and it ends now. */
type Ending = 'beforeExit' | 'exit';

/** In the order they were added. */
const handlers: Readonly<Record<Ending, Set<() => void>>> = { beforeExit: new Set(), exit: new Set() };
const listeners: Readonly<Record<Ending, () => void>> = {
  beforeExit: () => runAll('beforeExit'),
  exit: () => runAll('exit'),
};

/**
 * Calls a handler once at that event, behind those that were added before. All of them share one listener of the process:
 * Node warns of a leak when there are more than ten, and each `configureLogger` makes a logger while the one before closes.
 *
 * @returns takes the handler back.
 */
export function atProcessEnd(ending: Ending, handler: () => void): () => void {
  const all = handlers[ending];
  if (all.size === 0) process.once(ending, listeners[ending]);
  all.add(handler);
  return () => {
    if (all.delete(handler) && all.size === 0) process.off(ending, listeners[ending]);
  };
}

/** Whether the process is at its end already: handlers added now are not called any more. */
export function isAtItsEnd(): boolean {
  // Undocumented and in every Node; there is no other sign of it for who comes late.
  return (process as { _exiting?: boolean })._exiting === true;
}

function runAll(ending: Ending): void {
  const all = [...handlers[ending]];
  handlers[ending].clear();
  for (const handler of all) handler();
}
