/**
 * Logs under a clock that jumps, then closes and tells its counts, or with `returns` just comes to its end. It runs under libfaketime, which reads the clock from a
 * file. Argument: JSON of { redis, spoolDir, clock: path of that file, steps: [{ offset: '+30d',
 * count, message }], returns }.
 */
import { writeFileSync } from 'node:fs';
import { close, configureLogger, log_info } from '@tailrace/logger';

const { redis, spoolDir, clock, steps, returns } = JSON.parse(process.argv[2]);
configureLogger({ redis, spoolDir });
for (const { offset, count, message } of steps) {
  writeFileSync(clock, offset);
  for (let i = 0; i < count; i++) log_info(`${message} ${i}`, { component: 'clock' });
}
if (!returns) {
  const { complete, accepted, written, spooled, dropped } = await close(2_000);
  process.stdout.write(JSON.stringify({ complete, accepted, written, spooled, dropped }));
}
