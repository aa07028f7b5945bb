import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryPath } from './repository.js';

/** A proxy with TLS in front of a gateway, with the settings that docs/operations.md shows. */
export interface ProxyProcess {
  /** Sends a request through it. @param from address of this machine that the request comes from */
  ask(path: string, options?: ProxiedRequest): Promise<ProxiedReply>;
  /** Reads a reply that goes on, until a text has come. */
  readUntil(path: string, headers: Readonly<Record<string, string>>, text: string): ProxiedReading;
  stop(): Promise<void>;
}

export interface ProxiedRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** @default 127.0.0.1 */
  readonly from?: string;
}

export interface ProxiedReply {
  readonly status: number | undefined;
  readonly text: string;
}

export interface ProxiedReading {
  /** Resolves when the reply has begun. */
  readonly begun: Promise<void>;
  /** Resolves with what has come when the text is in it. */
  readonly found: Promise<string>;
}

/** What a kind of proxy needs: its block in the docs, how its file is changed for a test, and how it is started. */
export interface ProxyKind {
  readonly name: 'nginx' | 'caddy';
  readonly language: string;
  readonly settings: (block: string, places: ProxyPlaces) => string;
  readonly command: (folder: string) => readonly [string, ...string[]];
}

export interface ProxyPlaces {
  readonly folder: string;
  readonly port: number;
  /** `host:port` */
  readonly gateway: string;
}

/** @returns why it cannot be run here */
export function proxyAbsence({ name }: ProxyKind): string | undefined {
  for (const [program, flag] of [
    [name, name === 'nginx' ? '-v' : 'version'],
    ['openssl', 'version'],
  ] as const)
    if (spawnSync(program, [flag]).status !== 0) return `${program} is not on PATH`;
  return undefined;
}

/** Starts it; it answers when this has resolved. */
export async function startProxy(kind: ProxyKind, port: number, gatewayUrl: string): Promise<ProxyProcess> {
  const folder = await mkdtemp(join(tmpdir(), `tailrace-${kind.name}-`));
  const key = join(folder, 'key.pem');
  const certificate = join(folder, 'certificate.pem');
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  const ca = await readFile(certificate, 'utf8');
  const docs = await readFile(repositoryPath('docs/operations.md'), 'utf8');
  const block = new RegExp(`\`\`\`${kind.language}\n([\\s\\S]*?)\`\`\``).exec(docs)?.[1];
  if (block === undefined) throw new Error(`docs/operations.md has no block for ${kind.name}`);
  const places = { folder, port, gateway: new URL(gatewayUrl).host };
  await writeFile(join(folder, 'settings'), kind.settings(block, places));
  const [program, ...args] = kind.command(folder);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  const exited = once(child, 'exit');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const options = (from = '127.0.0.1'): RequestOptions => ({
    host: '127.0.0.1',
    port,
    ca,
    localAddress: from,
    agent: false,
  });

  async function ask(
    path: string,
    { method, headers, body, from }: ProxiedRequest = {},
  ): Promise<ProxiedReply> {
    const sent = request({ ...options(from), path, method: method ?? 'GET', headers: { ...headers } });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [import('node:http').IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return { status: response.statusCode, text };
  }

  for (;;) {
    if (child.exitCode !== null) throw new Error(`${kind.name} ended: ${said}`);
    if ((await ask('/health').catch(() => undefined)) !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ask,
    readUntil(path, headers, text) {
      const sent = request({ ...options(), path, headers });
      sent.end();
      const response = once(sent, 'response') as Promise<[import('node:http').IncomingMessage]>;
      const found = async () => {
        let come = '';
        for await (const chunk of (await response)[0].setEncoding('utf8')) {
          come += chunk;
          if (come.includes(text)) break;
        }
        sent.destroy();
        return come;
      };
      return { begun: response.then(() => undefined), found: found() };
    },
    async stop() {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
