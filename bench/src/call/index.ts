import { configureLogger, flush, log_info, log_request, stats } from '@tailrace/logger';
import { destination, pino } from 'pino';
import { startRedisServer } from '../redis-server.js';
import type { BenchTable } from '../table.js';

const ROUNDS = 15;
/** Calls timed in one go: as many as one batch, so that the queue is emptied between rounds and not while timing. */
const CALLS = 20_000;

/**
 * Times the call alone, as the application feels it: `log_info` with two fields and `log_request` with twelve, against
 * the same fields through pino, to /dev/null. Rounds of the contenders alternate; medians are compared.
 *
 * @param options.entries calls of each contender a round. @default 20000
 */
export async function benchCall(options: { readonly entries?: number }): Promise<BenchTable> {
  const calls = Math.min(options.entries ?? CALLS, 50_000);
  const server = await startRedisServer();
  try {
    configureLogger({ redis: server.url });
    const contenders = makeContenders();
    const times = contenders.map((): number[] => []);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, { call }] of contenders.entries()) {
        const start = process.hrtime.bigint();
        for (let n = 0; n < calls; n++) call(n);
        times[i]?.push(Number(process.hrtime.bigint() - start) / calls);
        await flush();
      }
    }
    const { accepted, written } = stats();
    if (accepted !== written)
      throw new Error('entries were dropped; the figures would be of calls that do less');
    return table(
      contenders.map(({ name }) => name),
      times.map(median),
      calls,
    );
  } finally {
    await server.stop();
  }
}

interface Contender {
  readonly name: string;
  readonly call: (n: number) => void;
}

function makeContenders(): Contender[] {
  const sync = pino(destination({ dest: '/dev/null', sync: true }));
  const buffered = pino(destination({ dest: '/dev/null', sync: false, minLength: 4096 }));
  return [
    {
      name: 'log_info, 2 fields',
      call: (n) => log_info('user signed in', { component: 'auth', user_id: `user-${n}` }),
    },
    ...[sync, buffered].map((logger, i) => ({
      name: `pino ${i === 0 ? 'as it comes' : 'buffered (4 KiB)'}, 2 fields`,
      call: (n: number) => logger.info({ component: 'auth', user_id: `user-${n}` }, 'user signed in'),
    })),
    {
      name: 'log_request, 12 fields',
      call: (n) => log_request('GET', '/api/items', '192.0.2.10', 'api.example.com', requestFields(n)),
    },
    ...[sync, buffered].map((logger, i) => ({
      name: `pino ${i === 0 ? 'as it comes' : 'buffered (4 KiB)'}, 12 fields`,
      call: (n: number) =>
        logger.info(
          {
            method: 'GET',
            path: '/api/items',
            client_ip: '192.0.2.10',
            proxy_hostname: 'api.example.com',
            ...requestFields(n),
          },
          'request',
        ),
    })),
  ];
}

function requestFields(n: number) {
  return {
    status_code: 200,
    response_time_ms: 45.3,
    bytes_sent: 1234,
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0',
    referrer: 'https://www.example.com/',
    user_id: `user-${n}`,
    session_id: 'session-1',
    client_hostname: 'host.example.net',
  };
}

function table(names: readonly string[], medians: readonly number[], calls: number): BenchTable {
  return {
    title: `call: ns a call, median of ${ROUNDS} rounds of ${calls} calls, contenders in turn`,
    columns: ['call', 'ns/call', 'of pino as it comes', 'of pino buffered'],
    rows: names.map((name, i) => {
      const group = i < 3 ? 0 : 3;
      const of = (other: number) =>
        ((medians[i] ?? Number.NaN) / (medians[group + other] ?? Number.NaN)).toFixed(2);
      return [name, Math.round(medians[i] ?? Number.NaN), `${of(1)}x`, `${of(2)}x`];
    }),
    notes: [
      'Each call takes its snapshot of the fields; encoding and sending happen later and are in bench write.',
    ],
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
