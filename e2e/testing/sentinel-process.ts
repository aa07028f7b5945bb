import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Starts a Sentinel on loopback. It writes into its file of settings what it learns. @returns what kills it */
export async function startSentinel({
  folder,
  port,
  settings,
}: {
  readonly folder: string;
  readonly port: number;
  readonly settings: readonly string[];
}): Promise<() => Promise<void>> {
  const file = join(folder, `${port}.conf`);
  await writeFile(file, `${['bind 127.0.0.1', ...settings].join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    output += String(chunk);
    if (output.includes('Sentinel ID is')) break;
  }
  if (!output.includes('Sentinel ID is')) throw new Error(`the Sentinel did not start: ${output}`);
  child.stdout.resume();
  return async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
}
