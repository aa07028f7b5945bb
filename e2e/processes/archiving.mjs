/**
 * Seals, merges, removes and erases as fast as it can, until it is killed. Says `ready` when the archive is open, and then
 * each thing it begins.
 */
import { openArchive } from '@tailrace/archive';
import { compileFilter } from '@tailrace/query';
import { DEFAULT_RETENTION_DAYS, Keyspace } from '@tailrace/schema';
import { Redis } from 'ioredis';

const [url, folder] = process.argv.slice(2);
const archive = await openArchive({
  folder,
  redis: new Redis(url, { enableAutoPipelining: false }),
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
  try {
    const letKeep = await archive.pauseKeeping();
    for await (const _ of archive.erase(compileFilter({ component: 'erased' }), { from: 0, to: Date.now() }));
    letKeep();
  } catch {
    // The process of DuckDB was killed: the next round goes on.
  }
  process.stdout.write('.');
}
