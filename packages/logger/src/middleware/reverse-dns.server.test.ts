import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, expect, test, vi } from 'vitest';
import { createRecorder } from '../testing.js';
import { logRequests } from './http.js';
import { ReverseDns } from './reverse-dns.js';
import { listen } from './testing/loopback.js';
import { type NameServer, startNameServer } from './testing/name-server.js';

let names: NameServer | undefined;
afterEach(() => {
  names?.close();
  names = undefined;
});

async function lookUp(pointers: Record<string, string>, addresses: Record<string, string>) {
  names = await startNameServer(pointers, addresses);
  return new ReverseDns({ servers: [names.address], timeoutMs: 200 });
}

test('a name is not there at first, and is once it was looked up', async () => {
  const dns = await lookUp({ '192.0.2.1': 'Host.Example.com' }, { 'host.example.com': '192.0.2.1' });
  expect(dns.nameOf('192.0.2.1')).toBeUndefined();
  await vi.waitFor(() => expect(dns.nameOf('192.0.2.1')).toBe('host.example.com'));
  const asked = names?.questions.length;
  expect(dns.nameOf('192.0.2.1')).toBe('host.example.com');
  expect(names?.questions.length).toBe(asked);
});

test.each([
  ['leads to another address', { '192.0.2.1': 'www.bank.example' }, { 'www.bank.example': '192.0.2.99' }],
  ['leads nowhere', { '192.0.2.1': 'nowhere.example' }, {}],
  ['is no host name', { '192.0.2.1': 'a<b>.example' }, { 'a<b>.example': '192.0.2.1' }],
  ['is not there', {}, {}],
])('a name that %s does not count, and is not asked for again', async (_, pointers, addresses) => {
  const dns = await lookUp(pointers as Record<string, string>, addresses as Record<string, string>);
  dns.nameOf('192.0.2.1');
  await vi.waitFor(() => {
    const before = names?.questions.length ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(dns.isLookingUp).toBe(false);
  });
  const asked = names?.questions.length;
  expect(dns.nameOf('192.0.2.1')).toBeUndefined();
  expect(dns.isLookingUp).toBe(false);
  expect(names?.questions.length).toBe(asked);
});

test('no more addresses are looked up at once than allowed', async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const asked = new Set<string>();
  silent.on('message', (query) => asked.add(query.subarray(12).toString('latin1')));
  const servers = [`127.0.0.1:${silent.address().port}`];
  const dns = new ReverseDns({ servers, timeoutMs: 50, maxConcurrent: 3 });
  for (let i = 0; i < 100; i++) expect(dns.nameOf(`192.0.2.${i}`)).toBeUndefined();
  await vi.waitFor(() => expect(dns.isLookingUp).toBe(false), { timeout: 5_000 });
  expect(asked.size).toBe(3);
  silent.close();
});

test('a name server that does not answer delays no request', async () => {
  using recorder = createRecorder();
  const logging = logRequests({ reverseDns: { servers: ['127.0.0.1:9'], timeoutMs: 50 } });
  const server = createServer((request, response) => logging(request, response, () => response.end()));
  const port = await listen(server);
  expect((await fetch(`http://127.0.0.1:${port}`)).status).toBe(200);
  expect((await recorder.waitFor({ kind: 'request' })).client_hostname).toBeUndefined();
  server.closeAllConnections();
  server.close();
});

test('the name is in the entries of later requests', async () => {
  using recorder = createRecorder();
  names = await startNameServer({ '192.0.2.1': 'client.example' }, { 'client.example': '192.0.2.1' });
  const logging = logRequests({ reverseDns: { servers: [names.address] }, trustedProxies: ['127.0.0.1'] });
  const server = createServer((request, response) => logging(request, response, () => response.end()));
  const url = `http://127.0.0.1:${await listen(server)}`;
  await vi.waitFor(async () => {
    await fetch(url, { headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(recorder.entries.at(-1)?.client_hostname).toBe('client.example');
  });
  server.closeAllConnections();
  server.close();
});
