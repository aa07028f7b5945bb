// Configures the logger in one copy of the package after the other, as a development server does at each edit.
import { Redis } from 'ioredis';

const kinds = ['beforeExit', 'exit', 'SIGTERM', 'SIGINT'];
const before = kinds.map((kind) => process.listenerCount(kind));
const redis = new Redis(process.env.REDIS_URL);
const connections = async () => {
  const list = await redis.client('LIST');
  return list.split('\n').filter((line) => line.includes('tailrace-logger')).length;
};

let last;
for (const url of process.argv.slice(2)) {
  last = await import(`${url}/index.js`);
  last.configureLogger({ redis: process.env.REDIS_URL, spoolDir: false });
  last.closeOnSignals();
  last.log_info('edited');
  await last.flush();
}
// Those before end their connections by themselves.
while ((await connections()) > 1) await new Promise((resolve) => setTimeout(resolve, 10));
process.stdout.write(
  JSON.stringify({
    connections: await connections(),
    listeners: Object.fromEntries(kinds.map((kind, i) => [kind, process.listenerCount(kind) - before[i]])),
    written: last.stats().written,
  }),
);
await last.close();
redis.disconnect();
