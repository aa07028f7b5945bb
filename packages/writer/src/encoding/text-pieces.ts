import { MAX_PIECES } from '@tailrace/schema';

/** A text as it stands in the hash: whole, or in pieces of at most `bytes` bytes of UTF-8 when that is worth it. */
export function textPieces(text: string, bytes: number): readonly string[] {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return [text];
  const pieces = splitText(text, bytes);
  return pieces.length <= MAX_PIECES ? pieces : [text];
}

/** Every piece but the last is full but for the rest of a character: readers know by that which one is the last. */
function splitText(text: string, bytes: number): string[] {
  const utf8 = Buffer.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < utf8.length; ) {
    let end = Math.min(at + bytes, utf8.length);
    while (end < utf8.length && isInCharacter(utf8[end] as number)) end--;
    pieces.push(utf8.toString('utf8', at, end));
    at = end;
  }
  return pieces;
}

/** The bytes of a character behind its first are 10xxxxxx (RFC 3629). */
function isInCharacter(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
