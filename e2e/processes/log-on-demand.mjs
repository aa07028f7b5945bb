// Logs one INFO entry and one DEBUG entry every 50 ms, until it is told to end.
import { close, configureLogger, log_debug, log_info } from '@tailrace/logger';

configureLogger({ redis: process.env.REDIS_URL, level: 'INFO', spoolDir: false });
const timer = setInterval(() => {
  log_info('still here', { component: 'ticker' });
  log_debug('and in detail', { component: 'ticker.detail' });
}, 50);
process.once('SIGTERM', async () => {
  clearInterval(timer);
  await close();
});
