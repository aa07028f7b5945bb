export { type GatewayConfig, readConfig } from './config.js';
export { createApp } from './http/app.js';
export type { EngineStatus, GatewayDeps } from './http/gateway-env.js';
export { type Gateway, startGateway } from './start/gateway.js';
export { StartError } from './start/start-error.js';
