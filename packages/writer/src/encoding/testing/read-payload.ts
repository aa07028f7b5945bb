import { HEADROOM, type Payload } from '../payload.js';

type Value = number | string | Value[];

/** An entry of a payload, as the batch script reads it. */
export interface ReadEntry {
  readonly key: string;
  readonly expireAt: string;
  readonly score: string;
  readonly json: string;
  readonly hash: Readonly<Record<string, string>>;
}

/** Reads the arguments of a payload without the code that wrote them: RESP, and in the last one MessagePack. */
export function readPayload(payload: Payload): readonly ReadEntry[] {
  const { rest } = payload;
  const args = readArguments(payload.buffer.subarray(HEADROOM, payload.end));
  const bytes = args.at(-1) as Buffer;
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
  if (at !== bytes.length) throw new Error(`the payload ends at ${at}, not at ${bytes.length}`);
  if (args.length !== shaped.length + 1)
    throw new Error(`${args.length} arguments of ${shaped.length} entries`);
  at = 0;
  const entries = shaped.map((shape, i): ReadEntry => {
    const [names] = shapes[shape - 1] as [string[], Value];
    const [expireAt, score, key] = list(3) as [string, string, string];
    const json = String(args[i]);
    const hash = Object.fromEntries(names.map((name) => [name, value() as string]));
    value();
    return { key, expireAt, score, json, hash };
  });
  if (at !== rest) throw new Error(`the entries end at ${at}, not at ${rest}`);
  return entries;
}

function readArguments(bytes: Buffer): Buffer[] {
  const args: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [line = '', size] = /^\$(\d+)\r\n/.exec(bytes.toString('latin1', at, at + 20)) ?? [];
    const start = at + line.length;
    const end = start + Number(size);
    if (bytes.toString('latin1', end, end + 2) !== '\r\n') throw new Error(`no argument ends at ${end}`);
    args.push(bytes.subarray(start, end));
    at = end + 2;
  }
  return args;
}
