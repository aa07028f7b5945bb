/**
 * Logs in listeners of the process's end, and prints JSON of what became of it all. Arguments: 'behind' when the logger is
 * there before the listeners, or 'first' when its first call is in one; and the spool directory, or nothing for none.
 */
import { writeSync } from 'node:fs';
import { configureLogger, log_error, log_info, stats } from '@tailrace/logger';

const [order, spoolDir] = process.argv.slice(2);
const configure = () => configureLogger({ redis: process.env.REDIS_URL, spoolDir: spoolDir || false });

if (order === 'behind') {
  configure();
  log_info('before the end');
}
process.on('exit', () => {
  if (order === 'first') configure();
  log_info('late 1');
  log_error('late 2');
});
process.on('exit', () => {
  log_info('late 3');
  writeSync(1, JSON.stringify(stats()));
});
process.exit();
