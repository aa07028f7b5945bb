// Logs audit entries and ends: REDIS_URL, then name and count as arguments. A part of the calls is of other levels.
import { close, configureLogger, log_audit, log_info } from '@tailrace/logger';

const [, , name, count] = process.argv;
configureLogger({ redis: process.env.REDIS_URL, maxQueueBytes: 256 * 1024 * 1024 });
for (let i = 0; i < Number(count); i++) {
  log_audit('user.updated', {
    actor: { type: 'user', id: name },
    entity: { type: 'user', id: i },
    new_values: { i },
    // By which a cluster chooses the shard.
    ip_address: `192.0.2.${i % 200}`,
  });
  if (i % 10 === 0) log_info('beside it');
  if (i % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 20));
}
const { written, dropped } = await close(60_000);
process.stdout.write(JSON.stringify({ written, dropped }));
