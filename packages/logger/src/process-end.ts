import { shared } from './shared-state.js';

/** What is to be done when the process ends. */
export interface EndHooks {
  /** Nothing is left to do; called once. */
  readonly beforeExit: () => void;
  /** The process ends now: nothing asynchronous comes back. */
  readonly exit: () => void;
}

/**
 * Calls hooks at the end of the process, in the order they were given. However many there are, the process has one
 * listener of each kind.
 *
 * @returns takes both back.
 */
export function onProcessEnd({ beforeExit, exit }: EndHooks): () => void {
  shared.stopListening ??= listen();
  shared.beforeExit.add(beforeExit);
  shared.exit.add(exit);
  return () => {
    shared.beforeExit.delete(beforeExit);
    shared.exit.delete(exit);
    if (shared.exit.size > 0) return;
    shared.stopListening?.();
    shared.stopListening = undefined;
  };
}

/** Whether the process is at its end already: hooks given now are not called any more. */
export function isAtItsEnd(): boolean {
  // Undocumented and in every Node; there is no other sign of it for who comes late.
  return (process as { _exiting?: boolean })._exiting === true;
}

function listen(): () => void {
  process.on('beforeExit', callBeforeExit);
  process.on('exit', callExit);
  return () => {
    process.off('beforeExit', callBeforeExit);
    process.off('exit', callExit);
  };
}

/** What a hook does may keep the process alive a while, and then there is nothing left to do again. */
function callBeforeExit(): void {
  const hooks = [...shared.beforeExit];
  shared.beforeExit.clear();
  for (const hook of hooks) hook();
}

function callExit(): void {
  for (const hook of [...shared.exit]) hook();
}
