-- Lets a trail that was lost, or went back, go on behind the entry that is last in the tree.
-- KEYS  1 trail
-- ARGV  1 id of its newest entry as the caller read it, '' for none  2 sequence number, 3 id and 4 hash of the last entry
--       in the tree, behind them id and hash of each entry that is not in the tree
-- Reply 1 done; 0 somebody has written meanwhile, nothing was done

local newest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
if (newest[1] and newest[1][1] or '') ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
redis.call('XADD', KEYS[1], '0-' .. ARGV[2], 'e', ARGV[3], 'h', ARGV[4])
for i = 5, #ARGV, 2 do redis.call('XADD', KEYS[1], '0-*', 'e', ARGV[i], 'h', ARGV[i + 1]) end
return 1
