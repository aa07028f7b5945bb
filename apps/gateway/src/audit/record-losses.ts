import type { DeliveryReader } from '@tailrace/query';
import type { EntryWriter } from '@tailrace/writer';

/** The event of an entry that says what a writer has lost so far. */
const LOST_EVENT = 'entries.lost';

/**
 * Makes a function that writes an audit entry for each writer that has dropped more entries than was said: so a loss stands in
 * the tree. What was said by any gateway is not said again.
 */
export function createLossRecorder({
  delivery,
  writer,
}: {
  readonly delivery: DeliveryReader;
  readonly writer: EntryWriter;
}): () => Promise<void> {
  const told = new Map<string, number>();
  return async () => {
    const { writers } = await delivery();
    const known = new Set(writers.map(({ id }) => id));
    for (const id of told.keys()) if (!known.has(id)) told.delete(id);
    const lost = writers
      .map((one) => ({ ...one, count: Object.values(one.dropped).reduce((sum, count) => sum + count, 0) }))
      .filter(({ id, count }) => count > (told.get(id) ?? 0));
    if (lost.length === 0) return;
    const entries = lost.map(({ id, host, pid, accepted, written, dropped, count }) => ({
      level: 'AUDIT' as const,
      component: 'gateway',
      event: LOST_EVENT,
      message: `${count} entries of a writer were lost`,
      data: { writer: id, host, pid, accepted, written, dropped: { ...dropped } },
    }));
    await writer.write(entries, { ownIds: lost.map(({ id, count }) => `${LOST_EVENT}:${id}:${count}`) });
    for (const { id, count } of lost) told.set(id, count);
  };
}
