/** A place in the order of entries, newest first: what comes after it is older, or of the same millisecond and a smaller id. */
export interface Cursor {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly id: string;
}

/** The cursor as an opaque text for a query string. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.timestamp} ${cursor.id}`).toString('base64url');
}

/** @returns the cursor, or `undefined` when the text was not made by {@link encodeCursor}. */
export function decodeCursor(text: string): Cursor | undefined {
  const match = /^(\d{1,16}) (.+)$/s.exec(Buffer.from(text, 'base64url').toString());
  if (match === null) return undefined;
  return { timestamp: Number(match[1]), id: match[2] as string };
}
