#!/usr/bin/env node
import { bannerOf } from './banner.js';
import { readConfig } from './config.js';
import { type Gateway, startGateway } from './gateway.js';
import { StartError } from './start-error.js';

try {
  const gateway = await startGateway(readConfig());
  endOnSignals(gateway);
  process.stdout.write(`${bannerOf(gateway)}\n`);
  void gateway.engineLost.then((reason) => {
    process.stderr.write(`tailrace gateway: ${reason}; its data is gone\n`);
    process.exit(1);
  });
} catch (error) {
  const text = error instanceof StartError ? error.message : (error as Error).stack;
  process.stderr.write(`tailrace gateway: ${text}\n`);
  process.exitCode = 1;
}

/** The first signal ends in good order, a second one at once. */
function endOnSignals(gateway: Gateway): void {
  let isEnding = false;
  const end = async () => {
    if (isEnding) process.exit(1);
    isEnding = true;
    await gateway.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
}
