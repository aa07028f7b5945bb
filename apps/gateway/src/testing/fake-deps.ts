import type { Following, SearchPage, Statistics } from '@tailrace/query';
import type { GatewayDeps } from '../index.js';

const EMPTY: SearchPage = { entries: [], total: 0, nextCursor: null, partial: false };

/** A stream that has ended. */
const NOBODY: Following = { next: async () => undefined, position: undefined, isLive: true, leave() {} };

/** What an app over nothing works with. */
export function fakeDeps(changes: Partial<GatewayDeps> = {}): GatewayDeps {
  return {
    reader: { search: async () => EMPTY, entry: async () => undefined },
    writer: {
      write: async (entries) => entries.map((_, i) => ({ id: `log:1:app:${i}` })),
      close: async () => {},
    },
    senderIds: { claim: async () => true, entryId: async () => undefined },
    tail: { follow: async () => NOBODY, followers: 0, close() {} },
    statistics: {} as Statistics,
    oauthFlows: { find: async () => ({ flows: [], partial: false }) },
    clear: async function* () {},
    deletion: { remove: async () => {}, restore: async () => false },
    delivery: async () => ({
      writers: [],
      totals: { accepted: 0, written: 0, dropped: {}, lag: 0 },
      count: 0,
    }),
    redisCost: () => Promise.reject(new Error('nothing is measured')),
    searches: { list: async () => [], save: async () => true, remove: async () => false },
    levels: { read: async () => ({ components: {} }), write: async () => {}, remove: async () => {} },
    engine: {
      name: 'Redis 7',
      embedded: false,
      redisUrl: null,
      ping: async () => 'PONG',
      eviction: async () => undefined,
    },
    version: '1.2.3',
    allowedHosts: ['*'],
    allowedOrigins: [],
    closing: new AbortController().signal,
    report: () => {},
    ...changes,
  };
}
