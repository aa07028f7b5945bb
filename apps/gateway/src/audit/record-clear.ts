import { CLEARED_EVENT } from '@tailrace/audit';
import { type ClearRequest, clearScope, compileFilter, type LogReader } from '@tailrace/query';
import type { EntryInput } from '@tailrace/schema';
import type { EntryWriter } from '@tailrace/writer';

/** Ids that one entry names: more would not fit into its data. */
const IDS = 50;
const PAGE = 1_000;

/**
 * Looks which audit entries a clear will remove, as long as they are there.
 *
 * @returns writes entries that say so, for whoever verifies the trail; it does nothing when no audit entry goes
 */
export async function recordClear(
  request: ClearRequest,
  { reader, writer, now }: { readonly reader: LogReader; readonly writer: EntryWriter; now(): number },
): Promise<() => Promise<void>> {
  const { filter, window, isAll } = clearScope(request, now());
  const asked = { filter: JSON.stringify(request.filter), before: request.before ?? null };
  if (isAll) return () => write([{ ...asked, all: true }]);
  const onlyAudit = compileFilter({ level: 'AUDIT' });
  const both = {
    conditions: [...filter.conditions, ...onlyAudit.conditions],
    matches: (entry: Parameters<typeof filter.matches>[0]) =>
      filter.matches(entry) && onlyAudit.matches(entry),
  };
  const ids: string[] = [];
  let cursor: Parameters<LogReader['search']>[0]['cursor'];
  do {
    const page = await reader.search({ filter: both, window, limit: PAGE, cursor });
    for (const { id } of page.entries) ids.push(id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return async () => {
    for (let at = 0; at < ids.length; at += IDS * 100) {
      const some = ids.slice(at, at + IDS * 100);
      const parts = Array.from({ length: Math.ceil(some.length / IDS) }, (_, i) =>
        some.slice(i * IDS, (i + 1) * IDS),
      );
      await write(parts.map((part) => ({ ...asked, ids: part })));
    }
  };

  async function write(data: readonly NonNullable<EntryInput['data']>[]): Promise<void> {
    await writer.write(
      data.map((one) => ({
        level: 'AUDIT',
        component: 'gateway',
        event: CLEARED_EVENT,
        message: 'audit entries were cleared',
        data: one,
      })),
    );
  }
}
