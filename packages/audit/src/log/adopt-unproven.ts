import type { LogReader } from '@tailrace/query';
import { HOUR_MS, MAX_FUTURE_MS } from '@tailrace/schema';
import { readCheckpoint } from './checkpoint.js';
import { entryHash, timeOfId } from './leaf.js';
import type { ProofFolder } from './proof-folder.js';
import type { ProofStore } from './proof-store.js';

const PAGE = 1_000;

/**
 * Puts entries into the trail that are stored and in no tree: a store in memory ends with what it had not given to the tree
 * yet, and its entries come back from the journal. Entries that happened an hour before the newest checkpoint are left.
 */
export async function adoptUnproven({
  store,
  folder,
  reader,
}: {
  readonly store: ProofStore;
  readonly folder: ProofFolder;
  readonly reader: LogReader;
}): Promise<void> {
  const notes = await folder.checkpoints();
  const signed = readCheckpoint(notes.at(-1) ?? '', await folder.publicKeys());
  const from = Math.max(folder.began, (signed?.time ?? folder.began) - HOUR_MS);
  const known = new Set<string>();
  await folder.leaves(({ id }) => {
    if (timeOfId(id) >= from) known.add(id);
  });
  for (const { id } of await store.trail(0, 0, PAGE)) known.add(id);
  const missing: { readonly id: string; readonly hash: string }[] = [];
  let cursor: Parameters<LogReader['search']>[0]['cursor'];
  const window = { from, to: Date.now() + MAX_FUTURE_MS };
  do {
    const page = await reader.search({ filter: { level: 'AUDIT' }, window, limit: PAGE, cursor });
    for (const entry of page.entries.toReversed())
      if (!known.has(entry.id)) missing.push({ id: entry.id, hash: entryHash(entry) });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  for (const { id, hash } of missing.reverse()) await store.adopt(0, id, hash);
}
