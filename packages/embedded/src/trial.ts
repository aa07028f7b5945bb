import { type EmbeddedEngine, startEngineProcess } from './embedded-engine.js';
import type { EmbeddedEngineOptions } from './engine-options.js';
import { type EngineTrial, noTrial } from './engine-trial.js';

export type { EngineTrial, Mend } from './engine-trial.js';

/** As `startEmbeddedEngine`, with parts left out. For benches and tests only. */
export function startTrialEngine(
  trial: EngineTrial,
  options: EmbeddedEngineOptions = {},
): Promise<EmbeddedEngine> {
  return startEngineProcess(options, { ...noTrial, ...trial });
}
