import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexNamed } from './index-table.js';
import { Keyspace, keyValue } from './keyspace.js';
import { storageRowOf } from './storage-table.js';

const TIME = Date.UTC(2024, 0, 15, 10, 30);

describe('Keyspace', () => {
  it('makes keys without a tag on one Redis', () => {
    const keys = new Keyspace();
    expect(keys.entry('request', TIME, '192.168.1.1', 'abcdefgh')).toBe(`req:${TIME}:192.168.1.1:abcdefgh`);
    expect(keys.index(indexNamed('ip'), '192.168.1.1')).toBe('idx:req:ip:192.168.1.1');
    expect(keys.index(indexNamed('errors'), '')).toBe('idx:req:errors');
    expect(keys.classIndex('audit', indexNamed('object'), 'vm-1')).toBe('idx:audit:object:vm-1');
    expect(keys.uniqueIps('api.example.com', TIME)).toBe('stats:unique_ips:api.example.com:20240115:10');
    expect(keys.responseTimes('api.example.com', TIME)).toBe(
      'stats:response_times:api.example.com:20240115:1030',
    );
    expect(keys.requestStats(TIME)).toBe('stats:requests:20240115:10');
  });

  it('puts every key of a shard under its hash tag', () => {
    const keys = new Keyspace({ prefix: 'app:', shard: 3 });
    const all = [
      keys.stream(),
      keys.writer('w'),
      keys.index(indexNamed('user'), 'u'),
      keys.entry('log', 1, 'c', 'u'),
    ];
    for (const key of all) expect(key).toMatch(/^\{s3\}:app:/);
  });

  it.each(['{', 'a*', 'a?', '[x]'])('refuses the prefix %s', (prefix) => {
    expect(() => new Keyspace({ prefix })).toThrow(/prefix is .*; allowed/);
  });

  it('makes a bounded key of a known family out of any value', () => {
    const keys = new Keyspace();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 2_000 }), (value) => {
        const key = keys.index(indexNamed('user'), value);
        expect(key.length).toBeLessThan(160);
        expect(storageRowOf(key)?.type).toBe('zset');
      }),
    );
  });
});

describe('keyValue', () => {
  it('gives different values different keys, also those that look like a hash', () => {
    const long = 'x'.repeat(200);
    expect(keyValue(long)).toMatch(/^~[\w-]{22}$/);
    expect(keyValue(keyValue(long))).not.toBe(keyValue(long));
    expect(keyValue('plain')).toBe('plain');
  });
});
