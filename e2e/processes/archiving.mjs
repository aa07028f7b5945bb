/**
 * Seals, merges, removes and erases as fast as it can, until it is killed. Says `ready` when the archive is open, and then
 * each thing it begins.
 */
import { openArchive } from '@tailrace/archive';
import { compileFilter } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, Keyspace } from '@tailrace/schema';
import { Redis } from 'ioredis';

const [url, folder] = process.argv.slice(2);
const redis = new Redis(url, { enableAutoPipelining: false });
// ioredis says so whenever Redis is away, and connects again.
redis.on('error', () => {});
const archive = await openArchive({
  folder,
  redis,
  keyspace: new Keyspace(),
  retentionDays: DEFAULT_RETENTION_DAYS,
  isMemoryOnly: false,
  hotHours: 1,
  report: () => {},
  tickMs: 10,
  sealEntries: 300,
  keepMs: 3_600_000,
  graceMs: 1_000,
});
process.stdout.write('ready\n');
for (;;) {
  await archive.seal().catch(() => undefined);
  await archive.keep().catch(() => undefined);
  const letKeep = await archive.pauseKeeping();
  try {
    for await (const _ of archive.erase(compileFilter({ component: 'erased' }), { from: 0, to: Date.now() }));
  } catch {
    // DuckDB's process or Redis was killed: the next round goes on.
  } finally {
    letKeep();
  }
  process.stdout.write('.');
}
