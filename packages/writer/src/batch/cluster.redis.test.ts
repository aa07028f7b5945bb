import { type Entry, Keyspace, shardOf } from '@tailrace/schema';
import { hasRedisCluster, type RedisCluster, startRedisCluster } from '@tailrace/test-engines';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveWriterOptions, type WriterError } from '../writer-options.js';
import { RedisWriter } from './redis-writer.js';
import { writerAccount } from './writer-account.js';

const SHARD = 7;

describe.skipIf(!hasRedisCluster)(
  `writing to a shard of a Cluster${hasRedisCluster ? '' : ' (skipped: no redis-cli on PATH)'}`,
  () => {
    let cluster: RedisCluster;
    let prefixes = 0;
    beforeAll(async () => {
      cluster = await startRedisCluster();
    }, 60_000);
    afterAll(() => cluster?.stop());

    function open(url = cluster.url, shard = SHARD) {
      const keyPrefix = `t${++prefixes}:`;
      const errors: WriterError[] = [];
      const options = resolveWriterOptions({ redis: url, keyPrefix });
      const writer = new RedisWriter({
        options: { ...options, redis: options.redis.ofShard(shard) },
        now: Date.now,
        report: (error) => errors.push(error),
      });
      const keyspace = new Keyspace({ prefix: keyPrefix, shard });
      let accepted = 0;
      return {
        writer,
        keyspace,
        errors,
        async write(count: number) {
          accepted += count;
          const batch = writer.number(entries(count));
          await (await writer.send(batch, writerAccount(accepted, {}))).applied;
          return batch;
        },
      };
    }

    async function master(slot: number) {
      const node = await cluster.masterOf(slot);
      const redis = new Redis(node.url);
      return { node, redis };
    }

    test('every key of it is on the node of its slot', async () => {
      const { writer, keyspace, write, errors } = open();
      await write(40);
      writer.close();
      const { redis } = await master(SLOT);
      const keys = await redis.keys(`${keyspace.base}*`);
      expect(keys.length).toBeGreaterThan(40);
      expect(await redis.xlen(keyspace.stream())).toBe(40);
      expect(await redis.get(keyspace.shards())).toBe('16');
      expect(await redis.exists(keyspace.absent())).toBe(0);
      redis.disconnect();
      expect(errors).toEqual([]);
    });

    test('another number of shards is refused with both numbers, also on a shard that has nothing yet', async () => {
      const first = open();
      await first.write(1);
      first.writer.close();
      for (const shard of [SHARD, 20]) {
        const other = open(`${cluster.url}?shards=32`, shard);
        prefixes--;
        const options = resolveWriterOptions({
          redis: `${cluster.url}?shards=32`,
          keyPrefix: `t${prefixes}:`,
        });
        const errors: WriterError[] = [];
        const writer = new RedisWriter({
          options: { ...options, redis: options.redis.ofShard(shard) },
          now: Date.now,
          report: (error) => errors.push(error),
        });
        other.writer.close();
        await expect(writer.send(writer.number(entries(1)), [])).rejects.toThrow(
          'is in 16 shards, and REDIS_URL asks for 32',
        );
        expect(errors.map(({ code }) => code)).toEqual(['storage_version']);
        writer.close();
      }
    });

    test('what a lost master had acknowledged and no replica had is written again, once', async () => {
      const { writer, keyspace, write, errors } = open();
      await write(10);
      await writer.confirmed(5_000);
      expect(writer.unconfirmed).toBe(0);
      const { node, redis } = await master(SLOT);
      const replicas = (await redis.info('replication')).match(/port=(\d+)/)?.[1];
      const replica = new Redis({ port: Number(replicas) });
      // From here on the replica gets nothing, and is still the one that will be promoted.
      const replicaNode = cluster.nodes.find(({ port }) => port === Number(replicas));
      process.kill(replicaNode?.pid as number, 'SIGSTOP');
      await redis.call('CLIENT', 'KILL', 'TYPE', 'replica');
      const batch = await write(20);
      expect(batch.applied).toBe(batch.chunks.length);
      expect(writer.unconfirmed).toBe(20);
      process.kill(node.pid, 'SIGKILL');
      process.kill(replicaNode?.pid as number, 'SIGCONT');
      redis.disconnect();
      await expect.poll(() => replica.info('replication'), { timeout: 20_000 }).toContain('role:master');
      await writer.confirmed(20_000);
      await expect.poll(() => replica.xlen(keyspace.stream()), { timeout: 20_000 }).toBe(30);
      expect(await replica.hget(keyspace.writer(writer.id), 'written')).toBe('30');
      expect(await replica.hexists(keyspace.writer(writer.id), 'written_before')).toBe(0);
      expect(await replica.zcard(`${keyspace.base}idx:req:status:200`)).toBe(30);
      writer.close();
      replica.disconnect();
      expect(errors.filter(({ code }) => code === 'entries_lost')).toEqual([]);
      await cluster.restart(node.port);
      await cluster.whole();
    }, 60_000);

    test('while its slot is half moved nothing of it is written, and then all of it once', async () => {
      const { writer, keyspace, write } = open();
      await write(10);
      const { node, redis } = await master(SLOT);
      const target = (await Promise.all([0, 6_000, 12_000].map((slot) => cluster.masterOf(slot)))).find(
        ({ port }) => port !== node.port,
      ) as { port: number; url: string };
      const other = new Redis(target.url);
      const idOf = async (one: Redis) => (await one.call('CLUSTER', 'MYID')) as string;
      await other.call('CLUSTER', 'SETSLOT', SLOT, 'IMPORTING', await idOf(redis));
      await redis.call('CLUSTER', 'SETSLOT', SLOT, 'MIGRATING', await idOf(other));
      const keys = (await redis.call('CLUSTER', 'GETKEYSINSLOT', SLOT, 100_000)) as string[];
      const half = keys.slice(0, keys.length / 2);
      await redis.call('MIGRATE', '127.0.0.1', target.port, '', 0, 5_000, 'KEYS', ...half);
      const batch = writer.number(entries(5));
      const send = async () => (await writer.send(batch, writerAccount(15, {}))).applied;
      await expect(send()).rejects.toThrow(/^(ASK|TRYAGAIN)/);
      const rest = keys.slice(keys.length / 2);
      await redis.call('MIGRATE', '127.0.0.1', target.port, '', 0, 5_000, 'KEYS', ...rest);
      await expect(send()).rejects.toThrow(/^(ASK|TRYAGAIN)/);
      const newOwner = await idOf(other);
      for (const one of [other, redis]) await one.call('CLUSTER', 'SETSLOT', SLOT, 'NODE', newOwner);
      await expect
        .poll(
          () =>
            send().then(
              () => 'written',
              () => undefined,
            ),
          { timeout: 20_000 },
        )
        .toBe('written');
      expect(await other.xlen(keyspace.stream())).toBe(15);
      expect(await other.hget(keyspace.writer(writer.id), 'written')).toBe('15');
      writer.close();
      redis.disconnect();
      other.disconnect();
    }, 60_000);
  },
);

/** Of `{s7}`, as CLUSTER KEYSLOT says. */
const SLOT = 7_102;

function entries(count: number): Entry[] {
  return Array.from({ length: count }, (_, i) => ({
    id: '',
    timestamp: Date.now(),
    kind: 'request' as const,
    level: 'INFO' as const,
    component: 'http',
    message: '',
    client_ip: addressOf(i),
    method: 'GET',
    path: '/',
    status_code: 200,
    response_time_ms: i,
  }));
}

/** An address that belongs to the shard. */
function addressOf(number: number): string {
  for (let i = 0; ; i++) {
    const address = `192.0.${number % 256}.${i}`;
    if (shardOf({ client_ip: address }, 16) === SHARD) return address;
  }
}
