import { setTimeout as sleep } from 'node:timers/promises';
import { close, configureLogger, log_info } from '@tailrace/logger';
import { nowMicroseconds } from './clock.js';

const TICK_MS = 5;

/**
 * Runs in a process of its own: `writer.js URL RATE SECONDS USERS` logs so many entries a second for so long, each with
 * the moment of its call, of one user after the other. Sends how many it wrote.
 */
async function main([url = '', ...numbers]: readonly string[]): Promise<void> {
  const [rate = 0, seconds = 0, users = 1] = numbers.map(Number);
  configureLogger({ redis: url });
  const started = performance.now();
  const count = rate * seconds;
  for (let n = 0; n < count; ) {
    const due = Math.min(count, ((performance.now() - started) * rate) / 1_000);
    for (; n < due; n++) {
      log_info('user signed in', {
        component: 'auth',
        user_id: `user-${n % users}`,
        data: { at: nowMicroseconds() },
      });
    }
    await sleep(TICK_MS);
  }
  const { written } = await close();
  process.send?.(written, () => process.exit());
}

await main(process.argv.slice(2));
