-- Appends leaves to the tree of the audit trail, for whoever holds the lease and knows the tree as it is.
-- KEYS  1 lease  2 state  3 tree
-- ARGV  1 owner  2 size the tree must have  3 number of fields of the state
--       behind them field and value of each, then shard, sequence number, id and hash of each leaf
-- Reply 1 done; 0 somebody else has the lease, or the tree has another size: nothing was done

if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local size = tonumber(redis.call('HGET', KEYS[2], 'size') or '0')
if size ~= tonumber(ARGV[2]) then return 0 end
local at = 4 + 2 * tonumber(ARGV[3])
for i = at, #ARGV, 4 do
  size = size + 1
  redis.call('XADD', KEYS[3], string.format('0-%.0f', size), 's', ARGV[i], 'n', ARGV[i + 1], 'e', ARGV[i + 2], 'h', ARGV[i + 3])
end
for i = 4, at - 1, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
return 1
