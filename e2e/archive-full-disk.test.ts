import { unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { afterEach, expect } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { testUnless } from './testing/test-unless.js';
import { mountTinyDisk, type TinyDisk } from './testing/tiny-disk.js';

let gateway: GatewayProcess | undefined;
let disk: TinyDisk | undefined;
afterEach(async () => {
  await gateway?.stop();
  disk?.remove();
});

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

testUnless(isRoot ? undefined : 'not root on Linux, who alone may mount a small disk')(
  'a full disk stops the archive with a reason, loses nothing, and is left behind by itself',
  async () => {
    disk = mountTinyDisk('8m');
    if (disk === undefined) throw new Error('tmpfs cannot be mounted');
    gateway = await startGatewayProcess({ DATA_DIR: join(disk.path, 'data') });
    const client = createClient({ url: gateway.url });
    const entries = Array.from({ length: 100 }, (_, i) => ({
      message: `m${i}`,
      data: { text: 'x'.repeat(500) },
    }));
    await client.ingest(entries);
    const fill = join(disk.path, 'fill');
    await writeFile(fill, Buffer.alloc(16 << 20)).catch(() => undefined);
    await client.ingest(entries);
    await expect.poll(async () => (await client.ready()).archive, { timeout: 10_000 }).toContain('ENOSPC');
    expect(await client.ready()).toMatchObject({ ready: true });
    expect(await client.metrics()).toContain('tailrace_archive_up 0');
    expect((await client.archive()).archive?.trouble).toContain('ENOSPC');
    expect((await client.search({ limit: 1_000 })).logs).toHaveLength(200);
    await unlink(fill);
    await expect.poll(async () => (await client.ready()).archive, { timeout: 10_000 }).toBeNull();
    await client.ingest(entries);
    await gateway.stop();
    gateway = await startGatewayProcess({ DATA_DIR: join(disk.path, 'data') });
    const again = createClient({ url: gateway.url });
    expect((await again.search({ limit: 1_000 })).logs).toHaveLength(300);
  },
  60_000,
);
