import { expect, test } from 'vitest';
import { nextRequest } from './client-requests.js';
import { createClients, pickClient } from './clients.js';
import { createRandom } from './random.js';

function play(seed: number, count: number) {
  const random = createRandom(seed);
  const clients = createClients(random);
  return Array.from({ length: count }, () => {
    const client = pickClient(clients, random);
    const request = nextRequest(client, random);
    if (request.path === '/login' && client.role !== 'guesser') client.cookie = 'session=x';
    return { ip: client.ip, role: client.role, ...request };
  });
}

test('the same seed plays the same requests, another seed others', () => {
  expect(play(1, 200)).toEqual(play(1, 200));
  expect(play(2, 200)).not.toEqual(play(1, 200));
});

test('every client has an address of its own, from the ranges kept for documentation', () => {
  const ips = createClients(createRandom(1)).map(({ ip }) => ip);
  expect(new Set(ips).size).toBe(ips.length);
  for (const ip of ips) expect(ip).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d{1,3}$|^2001:db8:/);
});

test('a minute of traffic plays every role on every host, and the first client most', () => {
  const played = play(20_240_115, 2_400);
  const roles = ['visitor', 'customer', 'operator', 'admin', 'crawler', 'scanner', 'guesser'];
  expect(new Set(played.map(({ role }) => role))).toEqual(new Set(roles));
  const hosts = ['shop.example.com', 'api.example.com', 'admin.example.com'];
  expect(new Set(played.map(({ host }) => host))).toEqual(new Set(hosts));
  const count = (ip: string) => played.filter((request) => request.ip === ip).length;
  const busiest = Math.max(...[...new Set(played.map(({ ip }) => ip))].map(count));
  expect(count(played.find(({ role }) => role === 'operator')?.ip ?? '')).toBeGreaterThan(100);
  expect(count('203.0.113.7')).toBe(busiest);
});
