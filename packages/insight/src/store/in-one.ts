import type { ChainableCommander } from 'ioredis';

/** Runs a transaction. @throws the first error among the replies. */
export async function inOne(transaction: ChainableCommander): Promise<unknown[]> {
  return ((await transaction.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}
