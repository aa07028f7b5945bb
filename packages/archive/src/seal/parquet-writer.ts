import { randomBytes } from 'node:crypto';
import { open, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { compareNewestFirst } from '@tailrace/query';
import { classOf, DAY_MS, type Entry } from '@tailrace/schema';
import type { Duck, DuckValue } from '../duck/duck.js';
import { makeFolder, settleFile, sha256Of } from '../files/private-files.js';
import type { SealedFile } from '../manifest/manifest.js';
import { ALL_COLUMNS, COLUMN_NAMES, COLUMNS, named } from '../rows/columns.js';
import { rowLineOf } from '../rows/row-of-entry.js';
import { quoted } from '../rows/sql-text.js';
import { mergedSql } from './merged-sql.js';

/** What writes sealed files. */
export interface ParquetWriter {
  /** Writes entries, each once, into one file a class and day. @param retention @default the class of each entry */
  writeEntries(entries: readonly Entry[], retention?: string): Promise<SealedFile[]>;
  /** Writes the rows of some files of one class and day into one, all but some ids. @returns `undefined` without rows */
  merge(files: readonly SealedFile[], without?: readonly string[]): Promise<SealedFile | undefined>;
}

interface FileToWrite {
  readonly retention: string;
  readonly day: string;
  /** SQL of the rows, in their order. */
  readonly select: string;
  readonly values?: readonly DuckValue[];
  /** Rows there must be. */
  readonly given?: number | undefined;
}

/** The file that was written does not hold what was given. */
class SealMismatchError extends Error {
  constructor(name: string, given: number, held: number) {
    super(`${name} holds ${held} entries of ${given}`);
    this.name = 'SealMismatchError';
  }
}

/** Rows of a row group: what one zone map and one bloom filter are about. */
const GROUP_ROWS = 20_000;
/** Blooms arise only where a group has a dictionary. A higher level of zstd takes more time and gains no byte. */
const PARQUET = `FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE ${GROUP_ROWS}, DICTIONARY_SIZE_LIMIT ${GROUP_ROWS}`;
const TYPES = `{${COLUMN_NAMES.map((name) => `${named(name)}: '${COLUMNS[name]}'`).join(', ')}}`;
const LINES_A_WRITE = 1_000;
/** An entry is at most some 200 kB. */
const MAX_LINE_BYTES = 16_777_216;

/** @see ParquetWriter */
export function createParquetWriter({
  duck,
  folder,
}: {
  readonly duck: Duck;
  readonly folder: string;
}): ParquetWriter {
  const temporary = join(folder, 'tmp');

  async function write({
    retention,
    day,
    select,
    values = [],
    given,
  }: FileToWrite): Promise<SealedFile | undefined> {
    await makeFolder(temporary);
    const beside = join(temporary, `${randomBytes(8).toString('hex')}.parquet`);
    try {
      await duck.query(`COPY (${select}) TO ${quoted(beside)} (${PARQUET})`, { values });
      const [row] = await duck.query(
        `SELECT count(*), min("timestamp"), max("timestamp"), bit_xor(hash("id")) FROM read_parquet(${quoted(beside)})`,
      );
      const [rows, from, to, ids] = row as [string, string, string, string];
      if (given !== undefined && Number(rows) !== given)
        throw new SealMismatchError(beside, given, Number(rows));
      if (Number(rows) === 0) return undefined;
      const name = `${retention}/${day}/${from}-${randomBytes(6).toString('hex')}.parquet`;
      await makeFolder(join(folder, retention, day));
      const path = join(folder, name);
      const sha256 = await sha256Of(beside);
      await settleFile(beside, path);
      const { size } = await stat(path);
      return {
        name,
        retention,
        day,
        rows: Number(rows),
        bytes: size,
        from: Number(from),
        to: Number(to),
        sha256,
        ids: String(ids),
      };
    } finally {
      await unlink(beside).catch(() => undefined);
    }
  }

  return {
    async writeEntries(entries, ofAll) {
      const files: SealedFile[] = [];
      try {
        for (const { retention, day, members } of groupsOf(entries, ofAll)) {
          await makeFolder(temporary);
          const lines = join(temporary, `${randomBytes(8).toString('hex')}.ndjson`);
          try {
            await writeLines(lines, members.sort(compareOldestFirst));
            const select = `SELECT ${ALL_COLUMNS} FROM read_json(${quoted(lines)}, format = 'newline_delimited', columns = ${TYPES}, maximum_object_size = ${MAX_LINE_BYTES})`;
            const file = await write({ retention, day, select, given: members.length });
            if (file !== undefined) files.push(file);
          } finally {
            await unlink(lines).catch(() => undefined);
          }
        }
        return files;
      } catch (error) {
        await removeFiles(folder, files);
        throw error;
      }
    },

    async merge(files, without = []) {
      const [first] = files;
      if (first === undefined) return undefined;
      const given = without.length > 0 ? undefined : files.reduce((sum, { rows }) => sum + rows, 0);
      const select = mergedSql(
        folder,
        files,
        without.length > 0 ? 'NOT list_contains($1::VARCHAR[], "id")' : 'true',
      );
      const values = without.length > 0 ? [without] : [];
      return write({ retention: first.retention, day: first.day, select, values, given });
    },
  };
}

/** Removes files that no manifest names. */
export async function removeFiles(folder: string, files: readonly Pick<SealedFile, 'name'>[]): Promise<void> {
  for (const { name } of files) await unlink(join(folder, name)).catch(() => undefined);
}

interface Group {
  readonly retention: string;
  readonly day: string;
  readonly members: Entry[];
}

function groupsOf(entries: readonly Entry[], ofAll: string | undefined): Iterable<Group> {
  const groups = new Map<string, Group>();
  const known = new Set<string>();
  for (const entry of entries) {
    if (known.has(entry.id)) continue;
    known.add(entry.id);
    const retention = ofAll ?? classOf(entry);
    const name = `${retention}/${Math.floor(entry.timestamp / DAY_MS)}`;
    let group = groups.get(name);
    if (group === undefined) {
      group = { retention, day: new Date(entry.timestamp).toISOString().slice(0, 10), members: [] };
      groups.set(name, group);
    }
    group.members.push(entry);
  }
  return groups.values();
}

async function writeLines(path: string, entries: readonly Entry[]): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for (let i = 0; i < entries.length; i += LINES_A_WRITE) {
      const lines = entries.slice(i, i + LINES_A_WRITE).map(rowLineOf);
      await file.appendFile(`${lines.join('\n')}\n`);
    }
  } finally {
    await file.close();
  }
}

function compareOldestFirst(a: Entry, b: Entry): number {
  return compareNewestFirst(b, a);
}
