import { expect, test } from 'vitest';
import { bannerOf } from './banner.js';
import type { Gateway } from './gateway.js';

const GATEWAY: Gateway = {
  url: 'http://127.0.0.1:4680',
  syslogUrls: [],
  version: '1.2.3',
  engineName: 'Valkey 9.1.1',
  embedded: true,
  dataDir: undefined,
  needsToken: false,
  redisUrl: 'redis://127.0.0.1:4681',
  firstToken: undefined,
  engineLost: new Promise(() => {}),
  close: async () => {},
};
const HINTS = [
  { command: 'npx tailrace test', does: 'writes an entry and reads it back' },
  { command: 'npx tailrace logs', does: 'shows recent entries' },
];

test('shows where it listens, what holds the data, and commands to try', () => {
  expect(bannerOf(GATEWAY, HINTS)).toBe(
    [
      'Tailrace 1.2.3',
      '  listens on  http://127.0.0.1:4680',
      '  data in     Valkey 9.1.1, embedded: in memory, and gone when the gateway ends',
      '  console     http://127.0.0.1:4680/ in a browser',
      '',
      'For your service: REDIS_URL=redis://127.0.0.1:4681',
      '',
      'Try, in another terminal:',
      '  npx tailrace test    writes an entry and reads it back',
      '  npx tailrace logs    shows recent entries',
      '',
    ].join('\n'),
  );
});

test('commands carry the address and the token they need', () => {
  const banner = bannerOf({ ...GATEWAY, url: 'http://127.0.0.1:5000', needsToken: true }, HINTS);
  expect(banner).toContain(
    '  TAILRACE_URL=http://127.0.0.1:5000 TAILRACE_TOKEN="$TOKEN" npx tailrace test  ',
  );
});

test('a gateway with tokens says how one is used and made', () => {
  const banner = bannerOf({ ...GATEWAY, needsToken: true }, HINTS);
  expect(banner).toContain('Every request needs a token: "authorization: Bearer TOKEN" over HTTP');
  expect(banner).toContain('tailrace token create --name NAME --scope read,write makes one');
  expect(bannerOf(GATEWAY, HINTS)).not.toContain('token');
});
