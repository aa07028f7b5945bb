#!/usr/bin/env node
import { isLaunchedByNpx, readConfig } from './config.js';
import { bannerOf } from './start/banner.js';
import { type Gateway, startGateway } from './start/gateway.js';
import { endWithLauncher } from './start/launcher.js';
import { StartError } from './start/start-error.js';

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

/**
 * Ctrl-C reaches every process of the terminal, and the package manager above passes it on as well: signals so soon
 * after the first are the same wish.
 */
const SAME_WISH_MS = 1_000;

/** The first signal ends in good order, a later one at once. */
function endOnSignals(gateway: Gateway): void {
  let endingSince: number | undefined;
  const end = async () => {
    if (endingSince !== undefined) {
      if (performance.now() - endingSince > SAME_WISH_MS) process.exit(1);
      return;
    }
    endingSince = performance.now();
    await gateway.close();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
  if (isLaunchedByNpx()) void endWithLauncher(() => void end());
}
