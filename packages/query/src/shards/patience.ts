import { isStoreUnavailable } from '@tailrace/redis';

/** How long a shard may be without a master, or on its way from one node to another, before it is said. */
const PATIENCE_MS = 1_000;
const RETRY_MS = 50;

/** Asks again for a while where a shard is not where it was, or not whole. Other errors are thrown at once. */
export async function withPatience<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Error) || !isStoreUnavailable(error) || performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
