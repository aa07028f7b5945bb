import { DEFAULT_PORT } from '../config.js';
import type { Gateway } from './gateway.js';

/** What a started gateway says of itself: where it listens, what holds the data, what to try. */
export function bannerOf({ url, version, engineName, embedded, redisUrl, firstToken }: Gateway): string {
  const holds = embedded
    ? `${engineName}, embedded: in memory, and gone when the gateway ends`
    : `${engineName}, at REDIS_URL`;
  const isDefault = url === `http://127.0.0.1:${DEFAULT_PORT}`;
  return [
    `Tailrace ${version}`,
    `  listens on  ${url}`,
    `  data in     ${holds}`,
    '',
    ...(firstToken ? ['A token of scope admin, shown only now:', `  ${firstToken}`, ''] : []),
    ...(embedded ? [`For your service: REDIS_URL=${redisUrl}`, ''] : []),
    isDefault ? 'Try, in another terminal:' : `Try, in another terminal, with TAILRACE_URL=${url} set:`,
    '  npx -y pnpm@10 just logs-test    writes an entry and reads it back',
    '  npx -y pnpm@10 just logs         shows recent entries',
    '  npx -y pnpm@10 demo              makes a minute of traffic',
    '',
  ].join('\n');
}
