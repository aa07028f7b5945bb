// Logs through two copies of the package, and tells what both know of it.
import { configureLogger, flush, log_info, stats, withContext } from '@tailrace/logger';
import { createRecorder } from '@tailrace/logger/testing';

const copy = await import(`${process.argv[2]}/index.js`);
const both = [stats, copy.stats];

const recorder = createRecorder();
withContext({ trace_id: 't-1' }, () => copy.log_info('from the copy'));
const recorded = recorder.entries.map(({ message, trace_id }) => ({ message, trace_id }));
recorder.stop();

configureLogger({ redis: process.env.REDIS_URL, spoolDir: false });
log_info('one');
copy.log_info('two');
await flush();
const counts = both.map((statsOf) => statsOf());
process.stdout.write(
  JSON.stringify({
    recorded,
    accepted: counts.map(({ accepted }) => accepted),
    written: counts.map(({ written }) => written),
  }),
);
