import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Does what docs/delivery.md tells operators to do when Redis was killed: cuts off a transaction that is not whole at the
 * end of the append-only file. Redis itself cuts inside of it and leaves its MULTI open.
 *
 * @param folder the server's `dir`
 */
export function mendAof(folder: string): void {
  const manifest = join(folder, 'appendonlydir', 'appendonly.aof.manifest');
  const { status, stdout, stderr } = spawnSync('redis-check-aof', ['--fix', manifest], {
    input: 'y\n',
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`redis-check-aof ended with ${status}: ${stdout}${stderr}`);
}
