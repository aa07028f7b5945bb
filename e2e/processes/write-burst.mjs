/**
 * Logs `count` requests of one client within `spanMs` milliseconds from `from` on, and ends.
 * Arguments: JSON of { redis, writer, count, from, spanMs }.
 */
import { close, configureLogger, log_request } from '@tailrace/logger';

const { redis, writer, count, from, spanMs } = JSON.parse(process.argv[2]);

configureLogger({ redis });
for (let i = 0; i < count; i++) {
  log_request('GET', `/burst/${writer}`, '198.51.100.77', 'api.example.com', {
    timestamp: from + (i % spanMs),
    status_code: 200,
    request_id: `${writer}-${i}`,
  });
}
const { written, complete } = await close(60_000);
process.stdout.write(JSON.stringify({ written, complete }));
