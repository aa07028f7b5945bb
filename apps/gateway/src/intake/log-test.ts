import { randomUUID } from 'node:crypto';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';

const MINUTE_MS = 60_000;

/** Answers `POST /logs/test`: writes an entry and finds it again, through the same writer and search as all others. */
export function logTestHandlers({ writer, reader, now = Date.now }: GatewayDeps) {
  return {
    'POST /logs/test': async () => {
      const timestamp = now();
      const trace = randomUUID();
      const event = 'tailrace.test';
      const message = 'test entry: written by the gateway and read back';
      const started = performance.now();
      const entry = {
        timestamp,
        level: 'INFO',
        component: 'tailrace',
        event,
        message,
        trace_id: trace,
      } as const;
      const [result] = await writer.write([entry]);
      const written = performance.now();
      const window = { from: timestamp - MINUTE_MS, to: timestamp + MINUTE_MS };
      const { entries } = await reader.search({ filter: { trace, event }, window, limit: 1 });
      const id = result !== undefined && 'id' in result ? result.id : '';
      return {
        ok: entries[0]?.id === id,
        id,
        write_ms: rounded(written - started),
        read_ms: rounded(performance.now() - written),
      };
    },
  } satisfies Partial<Handlers>;
}

/** To hundredths: no clock here is better. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
