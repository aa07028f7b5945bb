#!/usr/bin/env node
import { close, configureLogger } from '@tailrace/logger';
import { readConfig } from '../config.js';
import { DemoError } from '../demo-error.js';
import { findRedisUrl } from '../redis-url.js';
import { hint } from '../report.js';
import { startOAuthWorld } from './oauth-world.js';
import { playScenarios } from './play-scenarios.js';
import { SCENARIOS } from './scenarios.js';

const CONCURRENCY = 8;

try {
  const config = readConfig();
  configureLogger({
    redis: await findRedisUrl(config),
    onError: ({ message }) => void process.stderr.write(`tailrace logger: ${message}\n`),
  });
  const world = await startOAuthWorld();
  const played = await playScenarios(world, SCENARIOS, CONCURRENCY, (place) => `198.51.100.${place + 1}`);
  await world.close();
  const { complete, written } = await close();
  const lines = played.map(({ scenario, clientIp }) => {
    const outcome = scenario.cause ?? 'nothing wrong';
    return `  ${clientIp.padEnd(15)} ${scenario.name} (${outcome})\n`;
  });
  process.stdout.write(
    `Played ${played.length} logins, ${written} entries written:\n${lines.sort().join('')}\n` +
      `Look at them, and at one of them:\n${hint(config.gatewayUrl, 'logs-oauth-flow')}\n` +
      `${hint(config.gatewayUrl, 'logs-oauth-debug 198.51.100.8')}\n`,
  );
  process.exitCode = complete ? 0 : 1;
} catch (error) {
  const text = error instanceof DemoError ? error.message : (error as Error).stack;
  process.stderr.write(`tailrace demo: ${text}\n`);
  process.exitCode = 1;
}
