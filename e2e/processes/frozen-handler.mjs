/** Calls a handler as Lambda does, once for each line it is given, and prints its result: then it may be frozen. */
import { createInterface } from 'node:readline';
import { configureLogger, flushAfter, log_info } from '@tailrace/logger';

configureLogger({ redis: process.env.REDIS_URL, spoolDir: process.env.SPOOL_DIR });

const handler = flushAfter(async (message) => {
  log_info(message);
  if (message === 'fails') throw new Error('the handler fails');
  return `done: ${message}`;
});

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${await handler(line).catch((error) => error.message)}\n`);
