import { expect, it } from 'vitest';
import { shardOf, shardOfId } from './shards.js';

it('keeps one client on one shard, and one trace where no client is known', () => {
  const shard = shardOf({ client_ip: '192.0.2.1' }, 16);
  expect(shardOf({ client_ip: '192.0.2.1', trace_id: 'a' }, 16)).toBe(shard);
  expect(shardOf({ trace_id: 'a' }, 16)).toBe(shardOf({ client_ip: undefined, trace_id: 'a' }, 16));
  expect(shardOf({}, 16)).toBeUndefined();
});

it('spreads addresses that follow one another over all shards', () => {
  const counts = new Array<number>(16).fill(0);
  for (let i = 0; i < 65_536; i++) {
    const shard = shardOf({ client_ip: `10.0.${i >> 8}.${i & 255}` }, 16) as number;
    counts[shard] = (counts[shard] as number) + 1;
  }
  // 4,096 each; 62 is the standard deviation of a fair draw, and this is none.
  for (const count of counts) expect(Math.abs(count - 4_096)).toBeLessThan(400);
});

it.each([
  ['{s7}:req:1705314645123:192.0.2.1:abcdefgh', 7],
  ['{s15}:app:log:1:-:abcdefgh', 15],
  ['req:1705314645123:{s7}:abcdefgh', undefined],
  ['{7}:req:1:-:abcdefgh', undefined],
])('the shard of %s is %s', (id, shard) => {
  expect(shardOfId(id)).toBe(shard);
});
