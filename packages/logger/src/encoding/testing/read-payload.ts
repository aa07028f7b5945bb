import { HEADROOM, type Payload } from '../payload.js';

type Value = number | string | Value[];

/** An entry of a payload, as the batch script reads it. */
export interface ReadEntry {
  readonly key: string;
  readonly expireAt: string;
  readonly json: string;
  readonly hash: Readonly<Record<string, string>>;
}

/** Reads the MessagePack of a payload without the code that wrote it. */
export function readPayload({ buffer, rest, end }: Payload): readonly ReadEntry[] {
  const bytes = buffer.subarray(0, end);
  let at = rest;
  const value = (): Value => {
    const head = bytes[at++] as number;
    if (head < 0x80) return head;
    if (head < 0xa0) return list(head & 0x0f);
    if (head < 0xc0) return text(head & 0x1f);
    if (head === 0xcd) return number(2);
    if (head === 0xda) return text(number(2));
    if (head === 0xdb) return text(number(4));
    if (head === 0xdc) return list(number(2));
    if (head === 0xdd) return list(number(4));
    throw new Error(`no value begins with ${head.toString(16)}`);
  };
  const number = (size: number) => {
    at += size;
    return bytes.readUIntBE(at - size, size);
  };
  const text = (size: number) => {
    at += size;
    return bytes.toString('utf8', at - size, at);
  };
  const list = (size: number) => Array.from({ length: size }, value);

  const [shaped, , , , shapes] = list(5) as [number[], Value, Value, Value, [string[], Value][]];
  if (at !== end) throw new Error(`the payload ends at ${at}, not at ${end}`);
  at = HEADROOM;
  const entries = shaped.map((shape): ReadEntry => {
    const [names] = shapes[shape - 1] as [string[], Value];
    const [expireAt, json, key] = list(3) as [string, string, string];
    const hash = Object.fromEntries(names.map((name) => [name, value() as string]));
    value();
    return { key, expireAt, json, hash };
  });
  if (at !== rest) throw new Error(`the entries end at ${at}, not at ${rest}`);
  return entries;
}
