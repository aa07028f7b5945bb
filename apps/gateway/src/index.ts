export { createApp } from './app.js';
export { type GatewayConfig, readConfig } from './config.js';
export { type Gateway, startGateway } from './gateway.js';
export type { EngineStatus, GatewayDeps } from './gateway-env.js';
export { StartError } from './start-error.js';
