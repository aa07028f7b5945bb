import type { SealedFile } from '../manifest/manifest.js';
import { filesSql } from '../read/sealed-rows.js';
import { ALL_COLUMNS } from '../rows/columns.js';

const OLDEST_FIRST = '"timestamp", coalesce("order", 0), "id"';

/**
 * The rows of some files, each of which is in order, in order. Only where files overlap in time are rows sorted: sorting whole
 * rows takes four times the CPU of copying them, and twice the memory.
 *
 * @param condition of SQL, on each row
 */
export function mergedSql(folder: string, files: readonly SealedFile[], condition = 'true'): string {
  const rowsOf = (members: readonly SealedFile[]) =>
    `SELECT ${ALL_COLUMNS} FROM ${filesSql(folder, members)} WHERE ${condition}`;
  const pieces = piecesOf(files);
  // Many sorts at once take more memory than one of everything.
  if (pieces.some(({ members }) => members.length > 2)) return `${rowsOf(files)} ORDER BY ${OLDEST_FIRST}`;
  return pieces
    .map(({ members, from, to }) => {
      const rows = `${rowsOf(members)} AND "timestamp" BETWEEN ${from} AND ${to}`;
      return members.length === 1 ? `(${rows})` : `(${rows} ORDER BY ${OLDEST_FIRST})`;
    })
    .join(' UNION ALL ');
}

interface Piece {
  readonly members: readonly SealedFile[];
  /** Epoch milliseconds, both ends within it. */
  readonly from: number;
  readonly to: number;
}

/** Pieces of time, oldest first, in each of which the same files have rows. */
function piecesOf(files: readonly SealedFile[]): Piece[] {
  const starts = [...new Set(files.flatMap(({ from, to }) => [from, to + 1]))].sort((a, b) => a - b);
  return starts.slice(0, -1).flatMap((from, i) => {
    const to = (starts[i + 1] as number) - 1;
    const members = files.filter((file) => file.from <= to && file.to >= from);
    return members.length === 0 ? [] : [{ members, from, to }];
  });
}
