import type { ArchiveReply } from '@tailrace/api';
import { type Cell, createColumns } from '../print/columns.js';
import type { Palette } from '../print/palette.js';
import { printable } from '../print/printable.js';
import { wrapLine } from '../print/wrap-line.js';
import { shownCount } from '../statistics/figures.js';

const NUMBER = { min: 10, max: 16, align: 'right' } as const;
const COLUMNS = {
  day: { min: 10, max: 10 },
  class: { min: 8, max: 8 },
  files: { ...NUMBER, min: 6 },
  entries: NUMBER,
  bytes: NUMBER,
} as const;

/** What an archive is, and a line for each day and class. */
export function archiveText({ archive }: ArchiveReply, palette: Palette, columns?: number): string {
  if (archive === null) return 'nothing is kept in files: DATA_DIR is not set, or DuckDB is missing\n';
  const { folder, files, entries, bytes, unsealed, newest_sealed, redis_from, erasing, lack, trouble } =
    archive;
  const lines = [
    `folder     ${printable(folder)}`,
    `sealed     ${shownCount(entries)} entries in ${shownCount(files)} files of ${shownBytes(bytes)}, the newest of ${newest_sealed ?? '-'}`,
    `unsealed   ${shownCount(unsealed)} entries`,
    `in Redis   ${redis_from === null ? 'all that have not expired' : `all from ${redis_from} on`}`,
    ...(erasing > 0
      ? [`erasing    ${shownCount(erasing)} files still hold erased entries, which nobody sees`]
      : []),
    ...[lack, trouble]
      .filter((text) => text !== null)
      .map((text) => palette.warn(`trouble    ${printable(text)}`)),
  ];
  const table = createColumns(COLUMNS)([
    ['day', 'class', 'files', 'entries', 'bytes'].map(
      (name): Cell => ({ text: name, column: name, paint: palette.dim }),
    ),
    ...archive.days.map((day): Cell[] => [
      { text: day.day, column: 'day' },
      { text: day.class, column: 'class' },
      { text: shownCount(day.files), column: 'files' },
      { text: shownCount(day.entries), column: 'entries' },
      { text: shownBytes(day.bytes), column: 'bytes' },
    ]),
  ]);
  const all = archive.days.length > 0 ? [...lines, '', ...table] : lines;
  return all.map((line) => `${wrapLine(line, columns, 11)}\n`).join('');
}

function shownBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log2(bytes) / 10) : 0);
  const value = bytes / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`;
}
