export { type EmbeddedEngine, type EngineExit, startEmbeddedEngine } from './embedded-engine.js';
export { type EmbeddedEngineOptions, embeddedEngineDefaults } from './engine-options.js';
export { EngineStartError, type EngineStartErrorCode } from './engine-start-error.js';
