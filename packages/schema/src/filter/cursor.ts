import { type EntryPlace, MAX_ORDER } from '../storage/entry-score.js';

/** A place in the order of entries, newest first: by timestamp, then order, then the bytes of the id, all downwards. */
export interface Cursor extends Required<EntryPlace> {
  readonly id: string;
}

/** The cursor as an opaque text for a query string. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.timestamp} ${cursor.order} ${cursor.id}`).toString('base64url');
}

/** @returns the cursor, or `undefined` when the text was not made by {@link encodeCursor}. */
export function decodeCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,16}) (\d{1,4}) (.+)$/s.exec(Buffer.from(text, 'base64url').toString());
  if (match === null || Number(match[2]) > MAX_ORDER) return undefined;
  return { timestamp: Number(match[1]), order: Number(match[2]), id: match[3] as string };
}
