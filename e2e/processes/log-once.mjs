// Logs one entry and has nothing else to do, or nothing at all.
import { configureLogger, log_info } from '@tailrace/logger';

configureLogger({ redis: process.env.REDIS_URL, spoolDir: false });
if (process.argv[2] === 'one') log_info('the only one');
