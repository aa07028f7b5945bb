#!/usr/bin/env node
import { runGateway } from './start/run.js';
import { StartError } from './start/start-error.js';

const HINTS = [
  { command: 'npx -y pnpm@10 just logs-test', does: 'writes an entry and reads it back' },
  { command: 'npx -y pnpm@10 just logs', does: 'shows recent entries' },
  { command: 'npx -y pnpm@10 demo', does: 'makes a minute of traffic' },
];

try {
  process.exit(await runGateway({ hints: HINTS }));
} catch (error) {
  const text = error instanceof StartError ? error.message : (error as Error).stack;
  process.stderr.write(`tailrace gateway: ${text}\n`);
  process.exitCode = 1;
}
