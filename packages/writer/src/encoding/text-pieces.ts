import { MAX_PIECES } from '@tailrace/schema';

/** A text as it stands in the hash: whole, or in pieces of at most `bytes` bytes of UTF-8 when that is worth it. */
export function textPieces(text: string, bytes: number): readonly string[] {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return [text];
  const pieces = splitText(text, bytes);
  return pieces.length <= MAX_PIECES ? pieces : [text];
}

/** Never inside a surrogate pair. */
function splitText(text: string, bytes: number): string[] {
  const isAscii = Buffer.byteLength(text) === text.length;
  const step = isAscii ? bytes : Math.floor(bytes / 3);
  const pieces: string[] = [];
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + step, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}
