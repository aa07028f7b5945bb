/** A line longer than this is refused, not held in memory. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** One line of the input. */
export interface Line {
  /** From 1, blank lines included. */
  readonly number: number;
  /** Without its line end; `undefined` when it is longer than {@link MAX_LINE_BYTES}. */
  readonly text: string | undefined;
}

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = /^\ufeff/;

/**
 * Splits bytes into lines, at `\n` or `\r\n`. Blank lines are left out. Bytes that are no UTF-8 become U+FFFD.
 * Holds one line and one chunk at a time.
 */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let number = 0;
  let pieces: Buffer[] = [];
  let length = 0;

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      addPiece(chunk.subarray(start, end));
      const line = takeLine();
      if (line.text !== '') yield line;
      start = end + 1;
    }
    addPiece(chunk.subarray(start));
  }
  const line = takeLine();
  if (line.text !== '') yield line;

  function addPiece(piece: Buffer): void {
    length += piece.length;
    if (length > MAX_LINE_BYTES) pieces = [];
    else pieces.push(piece);
  }

  function takeLine(): Line {
    number += 1;
    const text = length > MAX_LINE_BYTES ? undefined : textOf(Buffer.concat(pieces));
    pieces = [];
    length = 0;
    return { number, text };
  }

  function textOf(bytes: Buffer): string {
    const text = bytes.toString('utf8').trimEnd();
    return number === 1 ? text.replace(BYTE_ORDER_MARK, '') : text;
  }
}
