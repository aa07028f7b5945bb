import { gzipSync } from 'node:zlib';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { OtlpError, readOtlpLogs } from '@tailrace/intake';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPage } from './testing/gateway-client.js';
import { type GatewayProcess, startGatewayProcess } from './testing/gateway-process.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const GZIP = { 'content-encoding': 'gzip' };
const MEGABYTE = 1 << 20;

function varint(value: number): Buffer<ArrayBuffer> {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}

function inField(number: number, content: Buffer | string): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

const repeated = (part: Buffer, count: number) => Buffer.concat(Array<Buffer>(count).fill(part));
const attribute = (key: string, value: string) =>
  Buffer.concat([inField(1, key), inField(2, inField(1, value))]);
const requestOf = (logRecords: Buffer, resource = Buffer.alloc(0)) =>
  inField(1, Buffer.concat([inField(1, resource), inField(2, logRecords)]));

function nestedLists(depth: number): Buffer {
  let value = inField(1, 'x');
  for (let i = 0; i < depth; i++) value = inField(5, inField(1, value));
  return value;
}

describe('hostile bodies at POST /v1/logs', () => {
  let gateway: GatewayProcess;
  /** The heap is small, so that what is held past its bound ends the process. */
  beforeAll(async () => {
    gateway = await startGatewayProcess({ NODE_OPTIONS: '--max-old-space-size=512' });
  });
  afterAll(() => gateway?.stop());

  const post = (body: Buffer<ArrayBuffer> | string, headers: Record<string, string>) =>
    fetch(`${gateway.url}/v1/logs`, { method: 'POST', headers, body });

  test.each<[string, () => Buffer<ArrayBuffer> | string, Record<string, string>, number]>([
    ['64 MB of zeros, zipped', () => gzipSync(Buffer.alloc(64 * MEGABYTE)), { ...PROTOBUF, ...GZIP }, 413],
    ['spaces before JSON, zipped', () => gzipSync(' '.repeat(64 * MEGABYTE)), { ...JSON_TYPE, ...GZIP }, 413],
    ['4 million empty records', () => requestOf(repeated(inField(2, ''), 4_000_000)), PROTOBUF, 400],
    [
      '4 million empty records, zipped',
      () => gzipSync(requestOf(repeated(inField(2, ''), 4_000_000))),
      { ...PROTOBUF, ...GZIP },
      400,
    ],
    ['4 million empty objects', () => `{"resourceLogs":[${'{},'.repeat(3_000_000)}{}]}`, JSON_TYPE, 400],
    ['lists 20,000 levels deep', () => requestOf(inField(2, inField(5, nestedLists(10_000)))), PROTOBUF, 400],
    ['JSON 100,000 deep', () => `{"resourceLogs":${'['.repeat(100_000)}`, JSON_TYPE, 400],
    [
      'a record of 100,000 attributes',
      () => requestOf(inField(2, repeated(inField(6, attribute('a', 'b')), 100_000))),
      PROTOBUF,
      400,
    ],
    [
      'a large resource that 40,000 records would repeat',
      () => requestOf(repeated(inField(2, ''), 40_000), inField(1, attribute('a', 'b'.repeat(MEGABYTE)))),
      PROTOBUF,
      400,
    ],
    [
      '500,000 scopes under a resource of 5,000 attributes',
      () =>
        inField(
          1,
          Buffer.concat([
            inField(1, repeated(inField(1, attribute('a', 'b')), 5_000)),
            repeated(inField(2, ''), 500_000),
          ]),
        ),
      PROTOBUF,
      200,
    ],
    ['a length past the end', () => Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), PROTOBUF, 400],
  ])('%s', async (_, body, headers, status) => {
    const response = await post(body(), headers);
    await response.arrayBuffer();
    expect(response.status).toBe(status);
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200);
    expect((await readPage(gateway.url, '/logs')).logs).toEqual([]);
  });

  test('text no terminal should see, names of prototypes and a broken surrogate are stored as data', async () => {
    const record = Buffer.concat([
      inField(5, inField(1, '\u001b[2Jclear')),
      inField(6, attribute('__proto__', 'p')),
      inField(6, attribute('constructor', 'c')),
      inField(6, attribute('bytes', Buffer.from([0xff, 0xfe]).toString('latin1'))),
      inField(6, attribute('password', 'hunter2')),
    ]);
    expect((await post(requestOf(inField(2, record)), PROTOBUF)).status).toBe(200);
    const { logs } = await readPage(gateway.url, '/logs?q=clear');
    expect(logs).toHaveLength(1);
    expect(logs[0]?.data).toMatchObject({ constructor: 'c', password: '[redacted]' });
  });

  test('20 of the largest at once are answered 200, 413 or 429, and the gateway goes on', async () => {
    const body = requestOf(repeated(inField(2, inField(5, inField(1, 'x'.repeat(5_000)))), 2_000));
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await post(body, PROTOBUF);
        await response.arrayBuffer();
        if (response.status === 429) expect(response.headers.get('retry-after')).toBe('1');
        return response.status;
      }),
    );
    for (const status of statuses) expect([200, 413, 429]).toContain(status);
    expect(statuses).toContain(200);
  });
});

describe('what the SDK has serialized', () => {
  const sound = Buffer.from(ProtobufLogsSerializer.serializeRequest(recordsOfTheSdk()) as Uint8Array);

  function readAll(body: Buffer): number {
    let entries = 0;
    for (const outcome of readOtlpLogs(body, 'protobuf', 0).outcomes()) if ('entry' in outcome) entries += 1;
    return entries;
  }

  test('is read whole', () => expect(readAll(sound)).toBe(3));

  test('is refused when it is cut anywhere', () => {
    for (let length = 1; length < sound.length; length++) {
      expect(() => readAll(sound.subarray(0, length)), `cut at ${length}`).toThrow(OtlpError);
    }
  });

  test('is read or refused whatever bytes are changed, and never ends otherwise', () => {
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const body = Buffer.from(sound);
        for (const [place, byte] of changes) body[place] = byte;
        try {
          readAll(body);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

function recordsOfTheSdk(): ReadableLogRecord[] {
  const records: ReadableLogRecord[] = [];
  const exporter = {
    export: (more: ReadableLogRecord[], done: (result: { code: number }) => void) => {
      records.push(...more);
      done({ code: 0 });
    },
    shutdown: async () => {},
    forceFlush: async () => {},
  };
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': 's' }),
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  for (const body of ['a', { b: [1, 2.5, true, null] }, 'c']) {
    provider
      .getLogger('l', '1')
      .emit({ body, context: ROOT_CONTEXT, attributes: { n: -1, nested: { x: 'y' } } });
  }
  return records;
}
