import type { ClearProgress } from '@tailrace/api';
import type { ErasedFromFiles } from '@tailrace/query';
import { stream } from 'hono/streaming';
import { recordClear } from '../audit/record-clear.js';
import type { Handlers } from '../http/endpoints/handler.js';
import type { GatewayDeps } from '../http/gateway-env.js';

/** A line of progress at most this often. */
const PROGRESS_MS = 250;

/**
 * Answers `DELETE /logs`: removes all log data, or the entries that match. It replies NDJSON while it works, one line of
 * progress after the other. A client that goes away ends it.
 */
export function clearHandlers({
  clear,
  closing,
  report,
  proof,
  reader,
  writer,
  now = Date.now,
}: GatewayDeps) {
  return {
    'DELETE /logs': async ({ c, query: { before, ...filter } }) => {
      const leaving = new AbortController();
      const signal = AbortSignal.any([closing, c.req.raw.signal, leaving.signal]);
      let files: ClearProgress['files'];
      const onFiles = ({ unsealed, sealed, filesLeft }: ErasedFromFiles) => {
        files = { unsealed, sealed, left: filesLeft };
      };
      const record = proof && (await recordClear({ filter, before }, { reader, writer, now }));
      const steps = clear({ filter, before }, { signal, onFiles })[Symbol.asyncIterator]();
      // The first step before the reply begins, so that a store that is away is a 503.
      let step = await steps.next();
      c.header('content-type', 'application/x-ndjson');
      return stream(c, async (out) => {
        out.onAbort(() => leaving.abort());
        const write = (progress: ClearProgress) =>
          out.write(`${JSON.stringify({ ...progress, ...(files && { files }) })}\n`);
        let removed = 0;
        let shownAt = performance.now();
        try {
          for (; !step.done; step = await steps.next()) {
            removed = step.value;
            if (performance.now() - shownAt < PROGRESS_MS) continue;
            shownAt = performance.now();
            await write({ removed, done: false });
          }
          await record?.();
          await write({ removed, done: true });
        } catch (error) {
          if (signal.aborted) return;
          report(`DELETE /logs failed (request ${c.get('requestId')}): ${String(error)}`);
          await write({ removed, done: false, error: 'the store cannot go on now; try again soon' });
        }
      });
    },
  } satisfies Partial<Handlers>;
}
