import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exactly } from '@tailrace/query';
import { expect, onTestFinished, test } from 'vitest';
import { createDuck } from '../duck/duck.js';
import { pathCounts } from './path-counts.js';

test('paths read in slices count as those read at once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-'));
  const duck = createDuck({ temporary: folder });
  onTestFinished(async () => {
    await duck.close();
    await rm(folder, { recursive: true });
  });
  const file = join(folder, 'rows.parquet');
  await duck.query(
    `COPY (SELECT true AS is_request, if(i % 2 = 0, 'GET', 'POST') AS method, '/users/' || i AS path,
       NULL::VARCHAR AS route, if(i % 10 = 0, 404, 200)::USMALLINT AS status_code FROM range(3000) t(i)) TO '${file}'`,
  );
  const asked = {
    sql: `FROM read_parquet('${file}') WHERE true`,
    fresh: [],
    coverage: exactly({ from: 0, to: 1 }),
  };
  const expected = { 'GET:(unmatched)': 300, 'GET:/users/:number': 1_200, 'POST:/users/:number': 1_500 };
  expect(Object.fromEntries(await pathCounts(duck, asked))).toEqual(expected);
  expect(Object.fromEntries(await pathCounts(duck, asked, { pathsAtOnce: 100 }))).toEqual(expected);
});
