import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@tailrace/client';
import { hasRedisCluster, startRedisCluster, startRedisServer } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { startGatewayProcess } from './testing/gateway-process.js';
import { quietPort } from './testing/quiet-port.js';
import { GATEWAY_MAIN, testProcessPath } from './testing/repository.js';
import { startSentinel } from './testing/sentinel-process.js';
import { environmentWith } from './testing/settings.js';

const ENTRIES = 200;
const PASSWORD = 'a word of the servers';

const missing = !hasRedisCluster
  ? 'no redis-server or redis-cli on PATH'
  : spawnSync('openssl', ['version']).status !== 0
    ? 'no openssl on PATH'
    : undefined;

describe.skipIf(missing !== undefined)(`TLS to Redis${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let folder: string;
  let certificate: string;
  let tls: readonly string[];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tailrace-tls-'));
    const key = join(folder, 'key.pem');
    certificate = join(folder, 'cert.pem');
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=servers'];
    const name = ['-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', [...request, ...name, '-keyout', key, '-out', certificate], { stdio: 'ignore' });
    tls = [
      ...['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', certificate],
      ...['--tls-auth-clients', 'no', '--tls-replication', 'yes'],
    ];
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A server that listens for nothing but TLS, with a password. */
  async function startTlsServer(...settings: readonly string[]) {
    const port = quietPort();
    const passwords = ['--requirepass', PASSWORD, '--masterauth', PASSWORD];
    const server = await startRedisServer({
      port,
      settings: ['--port', '0', '--tls-port', String(port), ...tls, ...passwords, ...settings],
    });
    onTestFinished(() => server.stop());
    return server;
  }

  /** A service and a gateway that trust the certificate: what the one logs is found by the other. */
  async function expectLoggedAndFound(url: string) {
    const trusting = { NODE_EXTRA_CA_CERTS: certificate };
    const burst = { redis: url, writer: 'tls', count: ENTRIES, from: Date.now() - 1_000, spanMs: 100 };
    const service = await runProcess(
      process.execPath,
      [testProcessPath('write-burst.mjs'), JSON.stringify(burst)],
      { env: environmentWith(trusting) },
    );
    expect(service.stderr).toBe('');
    expect(JSON.parse(service.stdout)).toEqual({ written: ENTRIES, complete: true });
    const gateway = await startGatewayProcess({ ...trusting, REDIS_URL: url });
    try {
      const client = createClient({ url: gateway.url });
      expect(await client.search({ path: '/burst/tls', limit: 1_000 })).toMatchObject({
        count: ENTRIES,
        partial: false,
      });
      expect(await client.health()).toMatchObject({ status: 'ok' });
    } finally {
      await gateway.stop();
    }
  }

  test('one server, by its password; a certificate that nobody knows is named', async () => {
    const { port } = await startTlsServer();
    const url = `rediss://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
    await expectLoggedAndFound(url);
    const distrusting = await runProcess(process.execPath, [GATEWAY_MAIN], {
      env: environmentWith({ PORT: '0', REDIS_URL: url }),
    });
    expect(distrusting.code).toBe(1);
    expect(distrusting.stderr).toContain(`rediss://127.0.0.1:${port}`);
    expect(distrusting.stderr).toContain('self-signed certificate');
    expect(distrusting.stderr).not.toContain(encodeURIComponent(PASSWORD));
  }, 90_000);

  test('a Sentinel group, servers and Sentinels alike', async () => {
    const master = await startTlsServer();
    await startTlsServer('--replicaof', '127.0.0.1', String(master.port));
    const port = quietPort();
    const stop = await startSentinel({
      folder,
      port,
      settings: [
        'port 0',
        `tls-port ${port}`,
        ...tls
          .join(' ')
          .split(' --')
          .map((setting) => setting.replace(/^--/, '')),
        `sentinel monitor logs 127.0.0.1 ${master.port} 1`,
        `sentinel auth-pass logs "${PASSWORD}"`,
      ],
    });
    onTestFinished(stop);
    await expectLoggedAndFound(`rediss+sentinel://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/logs`);
  }, 90_000);

  test('a Cluster, whose nodes speak TLS with each other too', async () => {
    const ports = new Map<number, number>();
    const cluster = await startRedisCluster({
      replicasEach: 0,
      settings: ({ port }) => {
        const tlsPort = quietPort();
        ports.set(port, tlsPort);
        return ['--tls-port', String(tlsPort), '--tls-cluster', 'yes', ...tls];
      },
    });
    onTestFinished(() => cluster.stop());
    const nodes = cluster.nodes.map(({ port }) => `127.0.0.1:${ports.get(port)}`);
    await expectLoggedAndFound(`rediss+cluster://${nodes.join(',')}`);
  }, 90_000);
});
