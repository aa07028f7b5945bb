/** Logs without any set-up, does not flush and does not close: it just comes to its end. Argument: how many entries. */
import { log_info } from '@tailrace/logger';

const count = Number(process.argv[2]);
for (let i = 0; i < count; i++) log_info(`last words ${i}`, { component: 'script' });
