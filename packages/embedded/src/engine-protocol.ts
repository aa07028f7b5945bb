import type { EngineTrial } from './engine-trial.js';

/** What the parent wants of the engine process: JSON in its first argument. */
export interface EngineOrder {
  readonly host: string;
  readonly port: number;
  readonly maxMemoryBytes: number;
  readonly trial: Required<EngineTrial>;
}

/** What the engine process tells its parent over the IPC channel, once. */
export type EngineReport =
  | { readonly kind: 'ready'; readonly port: number; readonly version: string }
  | { readonly kind: 'failed'; readonly code: 'port_unavailable' | 'start_failed'; readonly message: string };
