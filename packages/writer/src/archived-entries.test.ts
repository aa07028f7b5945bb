import { type EntryInput, Keyspace, MAX_ORDER } from '@tailrace/schema';
import { expect, test } from 'vitest';
import { createArchivedEntries } from './archived-entries.js';

const TIMESTAMP = 1_400_000_000_000;

test('a request sent again gets the same ids, also when its millisecond has more entries than there are places', () => {
  const archived = createArchivedEntries({ keyspace: new Keyspace(), redact: {}, now: () => TIMESTAMP });
  const requests = Array.from({ length: 5 }, (_, request) =>
    Array.from(
      { length: 1_000 },
      (_, i): EntryInput => ({
        message: `${request} ${i}`,
        timestamp: TIMESTAMP,
      }),
    ),
  );
  const idsOf = () => requests.flatMap((inputs) => archived(inputs).map(({ id }) => id));
  const first = idsOf();
  expect(new Set(first).size).toBe(5_000);
  expect(idsOf()).toEqual(first);
  const [last] = archived([{ message: 'last', timestamp: TIMESTAMP }]);
  expect(last?.order).toBe(MAX_ORDER);
});
