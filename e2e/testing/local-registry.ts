import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { repositoryPath } from './repository.js';

/** A registry on loopback, for `npm install --registry`. */
export interface LocalRegistry {
  readonly url: string;
  close(): Promise<void>;
}

/** Folders of installed packages by name and version. */
type Installed = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Serves what is installed in this repository, so that an install elsewhere asks nobody outside of this machine. */
export async function startLocalRegistry(): Promise<LocalRegistry> {
  const installed = installedPackages();
  const server = createServer(({ url = '' }, response) => {
    const [name = '', version] = decodeURIComponent(url.slice(1)).split('/-/');
    const versions = installed.get(name);
    const folder = version === undefined ? undefined : versions?.get(version);
    if (folder !== undefined) void sendTarball(folder, response);
    else if (versions !== undefined && version === undefined) sendDescription(name, versions, response);
    else response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: origin,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  function sendDescription(name: string, versions: ReadonlyMap<string, string>, response: ServerResponse) {
    const described = [...versions].map(([version, folder]) => {
      const { scripts: _, devDependencies: __, ...manifest } = readManifest(folder);
      const dist = { tarball: `${origin}/${name}/-/${version}` };
      return [version, { ...manifest, dist }] as const;
    });
    const latest = described.at(-1)?.[0];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest }, versions: Object.fromEntries(described) }));
  }
}

/**
 * npm takes off the first folder of every path, whatever its name. The tarball is made of a copy: pnpm keeps files of the
 * same content as links to one, and npm leaves out links.
 */
async function sendTarball(folder: string, response: ServerResponse): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'tailrace-registry-'));
  const filter = (path: string) => !path.slice(folder.length).includes('node_modules');
  await cp(folder, join(copy, 'package'), { recursive: true, filter });
  const tar = spawn('tar', ['-czf', '-', '-C', copy, 'package'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await pipeline(tar.stdout, response);
  await rm(copy, { recursive: true });
}

/** pnpm keeps `name@version` in `node_modules/.pnpm/name@version_peers/node_modules/name`, with `+` for `/`. */
function installedPackages(): Installed {
  const store = repositoryPath('node_modules/.pnpm');
  const installed = new Map<string, Map<string, string>>();
  for (const entry of readdirSync(store)) {
    const [, name, version] = /^(@?[^@]+)@([^_(]+)/.exec(entry) ?? [];
    if (name === undefined || version === undefined) continue;
    const realName = name.replace('+', '/');
    const folder = join(store, entry, 'node_modules', realName);
    if (!existsSync(join(folder, 'package.json'))) continue;
    installed.set(realName, (installed.get(realName) ?? new Map()).set(version, folder));
  }
  return installed;
}

function readManifest(folder: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
