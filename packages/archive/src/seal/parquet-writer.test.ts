import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry } from '@tailrace/schema';
import { expect, onTestFinished, test } from 'vitest';
import { createDuck } from '../duck/duck.js';
import { filesSql } from '../read/sealed-rows.js';
import { createParquetWriter } from './parquet-writer.js';

const START = Date.parse('2026-03-01T10:00:00Z');

async function opened() {
  const folder = await mkdtemp(join(tmpdir(), 'tailrace-'));
  const duck = createDuck({ temporary: folder });
  onTestFinished(async () => {
    await duck.close();
    await rm(folder, { recursive: true });
  });
  return { folder, duck, writer: createParquetWriter({ duck, folder }) };
}

function entryAt(ms: number, order: number): Entry {
  const timestamp = START + ms;
  const id = `log:${timestamp}:app:${String((order * 7919) % 1_000).padStart(3, '0')}-${order}`;
  return {
    id,
    timestamp,
    ...(order > 0 && { order }),
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: 'm',
  };
}

/** Entries of some milliseconds, three each, in no order. */
function entriesOf(from: number, to: number): Entry[] {
  const entries = Array.from({ length: (to - from) * 3 }, (_, i) => entryAt(from + Math.floor(i / 3), i % 3));
  return entries.sort((a, b) => ((a.timestamp * 7919) % 1_000) - ((b.timestamp * 7919) % 1_000));
}

const APART = [
  entriesOf(0, 20_000),
  entriesOf(19_990, 40_000).map((entry) => ({ ...entry, id: `${entry.id}b` })),
  entriesOf(40_000, 41_000),
  entriesOf(30_000, 30_100).map((entry) => ({ ...entry, id: `${entry.id}c` })),
  entriesOf(60_000, 60_001),
];
const ACROSS = entriesOf(0, 60_000).map((entry) => ({ ...entry, id: `${entry.id}d` }));

test.each([
  ['overlap, touch or lie within another', APART],
  ['lie across many others', [...APART, ACROSS]],
])('a file is in order, also one merged of files that %s', async (_, parts) => {
  const { folder, duck, writer } = await opened();
  const files = (await Promise.all(parts.map((part) => writer.writeEntries(part)))).flat();
  expect(files).toHaveLength(parts.length);
  const merged = await writer.merge(files);
  const expected = parts
    .flat()
    .sort((a, b) => a.timestamp - b.timestamp || (a.order ?? 0) - (b.order ?? 0) || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
  for (const [file, ids] of [
    ...files.map((file) => [file, undefined] as const),
    [merged as (typeof files)[number], expected] as const,
  ]) {
    const rows = await duck.query(
      `SELECT "id", "timestamp", coalesce("order", 0) FROM ${filesSql(folder, [file], true)} ORDER BY "file_row_number"`,
    );
    const places = rows.map(([id, timestamp, order]) => `${timestamp} ${order} ${id}`);
    expect(places).toEqual([...places].sort());
    if (ids !== undefined) expect(rows.map(([id]) => id)).toEqual(ids);
  }
  const [left] = expected;
  const rest = await writer.merge([merged as (typeof files)[number]], [left as string]);
  expect(rest?.rows).toBe(expected.length - 1);
});
