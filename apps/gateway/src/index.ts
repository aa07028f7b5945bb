export { type MigrationOptions, type MigrationProgress, migrate } from './admin/migrate.js';
export { type GatewayConfig, readConfig } from './config.js';
export { createApp } from './http/app.js';
export type { EngineStatus, GatewayDeps } from './http/gateway-env.js';
export type { Hint } from './start/banner.js';
export { type Gateway, startGateway } from './start/gateway.js';
export { type RunOptions, runGateway } from './start/run.js';
export { StartError } from './start/start-error.js';
