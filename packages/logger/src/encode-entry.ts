import { type Entry, MAX_PIECES, removeImplied } from '@tailrace/schema';
import type { JsonBytes } from './json-bytes.js';
import { MessagePackWriter } from './message-pack.js';

/**
 * Writes one entry for the batch script: key, score, expiry, the fields of its hash, and last the JSON for live readers.
 * What the key or another field says is in neither; to leave it out, it is removed from the entry.
 *
 * @param json is overwritten
 * @param pieceBytes longest value the server keeps compact; longer texts become `name`, `name~1`, `name~2`
 */
export function writeEntry(
  out: MessagePackWriter,
  json: JsonBytes,
  entry: Entry,
  expiresAtMs: number,
  pieceBytes: number,
): void {
  removeImplied(entry);
  json.length = 0;
  json.raw(OPEN);
  json.string(entry.id);
  const opened = out.openArray();
  let size = 4;
  out.text(entry.id);
  out.text(String(entry.timestamp));
  out.text(String(Math.ceil(expiresAtMs / 1000)));
  for (const name in entry) {
    const value = entry[name as keyof Entry];
    if (value === undefined || name === 'id') continue;
    const known = encodedName(name);
    json.raw(known.json);
    if (typeof value === 'string') {
      json.string(value);
      size += 2 * writeField(out, name, known, value, pieceBytes);
    } else {
      const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
      json.json(text);
      size += 2 * writeField(out, name, known, text, pieceBytes);
    }
  }
  json.raw(CLOSE);
  out.bytes(json.buffer, json.length);
  out.closeArray(opened, size);
}

/** @returns into how many fields of the hash the text went. */
function writeField(
  out: MessagePackWriter,
  name: string,
  known: EncodedName,
  text: string,
  pieceBytes: number,
): number {
  const mayBeLong = text.length * 3 > pieceBytes;
  if (mayBeLong && (text.length > pieceBytes || Buffer.byteLength(text) > pieceBytes)) {
    const pieces = splitText(text, pieceBytes);
    if (pieces.length <= MAX_PIECES) {
      for (let i = 0; i < pieces.length; i++) {
        out.raw(i === 0 ? known.field : encodedName(`${name}~${i}`).field);
        out.text(pieces[i] as string);
      }
      return pieces.length;
    }
  }
  out.raw(known.field);
  out.text(text);
  return 1;
}

/** Splits into pieces of at most `bytes` bytes of UTF-8, never inside a surrogate pair. */
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

/** A field name as it stands in the payload, and as it stands in JSON with what is around it. */
interface EncodedName {
  readonly field: Uint8Array;
  readonly json: Uint8Array;
}

const OPEN = Uint8Array.from(Buffer.from('{"id":'));
const CLOSE = Uint8Array.from(Buffer.from('}'));
const encodedNames = new Map<string, EncodedName>();

/** Field names come from the schema, so this map is bounded. */
function encodedName(name: string): EncodedName {
  let encoded = encodedNames.get(name);
  if (encoded === undefined) {
    const json = Uint8Array.from(Buffer.from(`,${JSON.stringify(name)}:`));
    encoded = { field: MessagePackWriter.encoded(name), json };
    encodedNames.set(name, encoded);
  }
  return encoded;
}
