import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from './testing/finished-process.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';
import { type ProxyKind, type ProxyProcess, proxyAbsence, startProxy } from './testing/proxy-process.js';
import { quietPort } from './testing/quiet-port.js';
import { CLI_MAIN } from './testing/repository.js';
import { environmentWith } from './testing/settings.js';
import { describeUnless } from './testing/test-unless.js';

const NGINX: ProxyKind = {
  name: 'nginx',
  language: 'nginx',
  settings: (block, { folder, port, gateway }) => `
pid ${folder}/pid;
${process.getuid?.() === 0 ? 'user root;' : ''}
daemon off;
error_log stderr;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  ${block
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace(/ssl_certificate .*;/, `ssl_certificate ${folder}/certificate.pem;`)
    .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${folder}/key.pem;`)
    .replace('127.0.0.1:4680', gateway)}
}`,
  command: (folder) => ['nginx', '-c', `${folder}/settings`, '-p', folder],
};

const CADDY: ProxyKind = {
  name: 'caddy',
  language: 'caddyfile',
  settings: (block, { folder, port, gateway }) => `
{
  admin off
  auto_https off
}
${block
  .replace(
    /^logs\.example\.com \{/m,
    `https://127.0.0.1:${port} {\n  tls ${folder}/certificate.pem ${folder}/key.pem`,
  )
  .replace('127.0.0.1:4680', gateway)}`,
  command: (folder) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', `${folder}/settings`],
};

for (const kind of [NGINX, CADDY]) {
  describeUnless(proxyAbsence(kind), `behind ${kind.name}, set up as the docs show`, () => {
    let gateway: GatewayProcess;
    let proxy: ProxyProcess;
    let authorization: string;

    beforeAll(async () => {
      const made = await runProcess(
        process.execPath,
        [CLI_MAIN, 'token', 'create', '--name', 'operator', '--scope', 'admin', '--json'],
        { env: environmentWith({}) },
      );
      const { token, line } = JSON.parse(made.stdout) as { token: string; line: string };
      authorization = `Bearer ${token}`;
      gateway = await startGatewayProcess({ LOG_TOKENS: line, TRUSTED_PROXIES: '127.0.0.1' });
      proxy = await startProxy(kind, quietPort(), gateway.url);
    });
    afterAll(async () => {
      await proxy?.stop();
      await gateway?.stop();
    });

    const post = (body: string) =>
      proxy.ask('/logs', {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      });

    test('an entry is taken, found, and refused without the token', async () => {
      expect(await post('{"message":"through the proxy"}')).toMatchObject({ status: 200 });
      expect((await proxy.ask('/logs', { headers: { authorization } })).text).toContain('through the proxy');
      expect(await proxy.ask('/logs')).toMatchObject({ status: 401 });
    });

    test('a follower gets an entry while its reply goes on', async () => {
      const reading = proxy.readUntil('/logs/stream', { authorization }, 'as it comes');
      await reading.begun;
      await post('{"message":"as it comes"}');
      expect(await reading.found).toContain('as it comes');
    });

    test('a body of nearly 10 MiB passes, a larger one is a 413', async () => {
      expect(await post(JSON.stringify({ message: 'm'.repeat(10_400_000) }))).toMatchObject({ status: 200 });
      const larger = await post(JSON.stringify({ message: 'm'.repeat(11_000_000) })).catch(
        (error: NodeJS.ErrnoException) => error.code,
      );
      // A proxy may close the connection while the body still comes.
      if (typeof larger === 'string') expect(larger).toMatch(/^(EPIPE|ECONNRESET)$/);
      else expect(larger?.status).toBe(413);
    });

    test('who gives wrong tokens is known by the address behind the proxy, whatever it claims', async () => {
      const guess = (from: string, i: number) =>
        proxy.ask('/logs', {
          from,
          headers: { authorization: `Bearer tailrace_${i}`, 'x-forwarded-for': `198.51.100.${i}` },
        });
      const statuses: (number | undefined)[] = [];
      for (let i = 0; i < 11; i++) statuses.push((await guess('127.0.0.2', i)).status);
      expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
      expect((await guess('127.0.0.3', 1)).status).toBe(401);
    });
  });
}
