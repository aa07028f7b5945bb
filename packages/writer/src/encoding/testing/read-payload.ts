import { HEADROOM, type Payload } from '../payload.js';

type Value = number | string | Value[];

/** An entry of a payload, as the batch script reads it. */
export interface ReadEntry {
  readonly key: string;
  readonly expireAt: string;
  readonly score: string;
  readonly json: string;
  readonly hash: Readonly<Record<string, string>>;
  /** Keys of the sorted sets it is added to, and the number of the class of each. */
  readonly indexes: ReadonlyMap<string, number>;
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

  const [shaped, indexes, , , shapes] = list(6) as [
    number[],
    (string | number)[],
    Value,
    Value,
    [string[], (string | number)[]][],
  ];
  if (at !== bytes.length) throw new Error(`the payload ends at ${at}, not at ${bytes.length}`);
  if (args.length !== shaped.length + 1)
    throw new Error(`${args.length} arguments of ${shaped.length} entries`);
  at = 0;
  const entries = shaped.map((shape, i): ReadEntry => {
    const [names, made] = shapes[shape - 1] as [string[], (string | number)[]];
    const [expireAt, score, key] = list(3) as [string, string, string];
    const json = String(args[i]);
    const values = names.map(() => value() as string);
    const hash = Object.fromEntries(names.map((name, n) => [name, values[n] as string]));
    const marks = value() as string;
    const keys = madeKeys(made, values, marks).concat(sentKeys(indexes, i + 1));
    return { key, expireAt, score, json, hash, indexes: new Map(keys) };
  });
  if (at !== rest) throw new Error(`the entries end at ${at}, not at ${rest}`);
  return entries;
}

/** Keys the script makes of values: place of a value, prefix, class, in turns. */
function madeKeys(
  made: readonly (string | number)[],
  values: readonly string[],
  marks: string,
): [string, number][] {
  const keys: [string, number][] = [];
  for (let at = 0; at < made.length; at += 3) {
    const [place, prefix, number] = made.slice(at, at + 3) as [number, string, number];
    if (marks[at / 3] !== '-') keys.push([prefix + values[place - 1], number]);
  }
  return keys;
}

/** Keys that were sent: key, twice its class and whether its expiry is due, how many entries, their places, in turns. */
function sentKeys(indexes: readonly (string | number)[], place: number): [string, number][] {
  const keys: [string, number][] = [];
  for (let at = 0; at < indexes.length; ) {
    const [key, code, count] = indexes.slice(at, at + 3) as [string, number, number];
    const first = at + 3;
    at = first + count;
    if (indexes.slice(first, at).includes(place)) keys.push([key, Math.floor(code / 2)]);
  }
  return keys;
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
