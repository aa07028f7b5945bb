import { once } from 'node:events';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeStreamEntry, type Entry, Keyspace } from '@tailrace/schema';
import { TEST_ENGINES, useEngine } from '@tailrace/test-engines';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Logger } from '../logger.js';
import { type LoggerError, type LoggerOptions, resolveOptions } from '../logger-options.js';
import { Spool } from '../spool/spool.js';
import type { SpoolPlace } from '../spool/spool-directory.js';
import { spoolPlace } from './spool-place.js';

const WRITER_ID = 'gone';

describe.each(TEST_ENGINES)('Recovery on $name', ({ start }) => {
  const engine = useEngine(start);
  let spoolDir: string;

  beforeAll(async () => {
    spoolDir = await mkdtemp(join(tmpdir(), 'tailrace-recovery-'));
  });
  afterAll(() => rm(spoolDir, { recursive: true }));

  /** Leaves two chunks of a writer that is gone. */
  async function setUp(keyPrefix: string) {
    const errors: LoggerError[] = [];
    const options: LoggerOptions = {
      redis: engine.url,
      keyPrefix,
      spoolDir,
      onError: (error) => errors.push(error),
    };
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const spool = new Spool({
      ...(spoolPlace(resolveOptions(options)) as SpoolPlace),
      writerId: WRITER_ID,
      maxBytes: 1_000_000,
      fsync: false,
      onDropped: () => undefined,
      onTaken: () => WRITER_ID,
    });
    const chunks = [1, 2].map((number) => ({ number, entries: [left(keyspace, number)], counts: [] }));
    expect(await spool.append(chunks)).toBe(true);
    await spool.close();
    const messages = async () =>
      (await engine.redis.xrange(keyspace.stream(), '-', '+')).map(
        ([, fields]) => decodeStreamEntry(fields[1] as string)?.message,
      );
    return { options, errors, keyspace, messages };
  }

  it('writes what a writer that is gone has left', async () => {
    const { options, messages } = await setUp('r1:');
    const logger = new Logger(options);
    await expect.poll(() => logger.stats().recovered, { timeout: 30_000 }).toBe(2);
    await logger.close();
    expect(await messages()).toEqual(['left 1', 'left 2']);
  });

  it('says what it has to give up because Redis refuses it for good, to onError and to readers', async () => {
    const { options, errors, keyspace, messages } = await setUp('r2:');
    await engine.redis.set(keyspace.writer(WRITER_ID), 'not a hash');
    const logger = new Logger(options);
    const lost = () => errors.filter(({ code }) => code === 'entries_lost');
    await expect.poll(() => lost().length, { timeout: 20_000 }).toBeGreaterThan(0);
    logger.log('INFO', 'own');
    await logger.close();
    expect(lost()[0]?.message).toContain(`1 entries in the spool of writer ${WRITER_ID} are lost`);
    expect(await messages()).toEqual(
      expect.arrayContaining(['own', expect.stringMatching(/^\d+ entr(y|ies) dropped, rejected, /)]),
    );
    expect(logger.stats()).toMatchObject({ recovered: 0, pending: 0, dropped: {} });
  }, 30_000);

  it('sets aside a record that cannot be stored or is for a foreign key, says so, and writes those behind it', async () => {
    const { options, errors, keyspace, messages } = await setUp('r4:');
    const foreign = { ...left(keyspace, 7), id: 'foreign:session' };
    const loud = { ...left(keyspace, 8), level: 'LOUD', component: {} } as unknown as Entry;
    const spool = new Spool({
      ...(spoolPlace(resolveOptions(options)) as SpoolPlace),
      writerId: 'a-hostile-one',
      maxBytes: 1_000_000,
      fsync: false,
      onDropped: () => undefined,
      onTaken: () => WRITER_ID,
    });
    const chunks = [[loud], [foreign], [left(keyspace, 9)]].map((entries, i) => ({
      number: i + 1,
      entries,
      counts: [],
    }));
    expect(await spool.append(chunks)).toBe(true);
    await spool.close();
    const logger = new Logger(options);
    await expect.poll(() => logger.stats().recovered).toBe(3);
    await logger.close();
    expect(await messages()).toEqual(expect.arrayContaining(['left 1', 'left 2', 'left 9']));
    expect(await engine.redis.exists('foreign:session')).toBe(0);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        '2 entries in the spool of writer a-hostile-one are lost: id is "foreign:session"',
      ),
    ]);
  });

  it('counts each entry once when a spool was taken from a writer that lives', async () => {
    const { redis } = engine;
    const port = await freePort();
    const url = `redis://127.0.0.1:${port}`;
    const keyPrefix = 'r3:';
    const options: LoggerOptions = { redis: url, keyPrefix, spoolDir, onError: () => undefined };
    const stopped = new Logger(options);
    for (const message of ['one', 'two', 'three']) stopped.log('INFO', message);
    await stopped.flush();
    expect(stopped.stats()).toMatchObject({ accepted: 3, spooled: 3 });
    await takeSpools(spoolPlace(resolveOptions(options)) as SpoolPlace);
    for (const message of ['four', 'five']) stopped.log('INFO', message);
    await stopped.flush();
    const server = await forward(port, Number(new URL(engine.url).port));
    const other = new Logger(options);
    await expect.poll(() => other.stats().recovered, { timeout: 20_000 }).toBe(3);
    expect(await stopped.close()).toMatchObject({ accepted: 5, written: 2, spooled: 3 });
    await other.close();
    server.close();
    const keyspace = new Keyspace({ prefix: keyPrefix });
    const ids = await redis.zrange(keyspace.writers(), '0', '-1');
    const said = await Promise.all(ids.map((id) => redis.hmget(keyspace.writer(id), 'accepted', 'written')));
    expect(said.map(([accepted, written]) => [Number(accepted), Number(written)]).sort()).toEqual([
      [2, 2],
      [3, 3],
    ]);
  }, 40_000);
});

/** As another host does that has heard nothing of their owners for a minute. */
async function takeSpools({ spoolDir, target }: SpoolPlace): Promise<void> {
  const folder = join(spoolDir, target);
  for (const name of await readdir(folder)) {
    if (name.endsWith('.owner')) await rm(join(folder, name));
    else await rename(join(folder, name), join(folder, `${name}.other`));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function forward(from: number, to: number): Promise<Server> {
  const server = createServer((socket) => {
    const onward = connect(to, '127.0.0.1');
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(from, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function left(keyspace: Keyspace, number: number): Entry {
  const timestamp = Date.now();
  return {
    id: keyspace.entry('log', timestamp, 'app', `left000${number}`),
    timestamp,
    kind: 'log',
    level: 'INFO',
    component: 'app',
    message: `left ${number}`,
  };
}
