-- Ends the renewal of a notification that another one replaces.
-- KEYS  outbox, due, claims, renewals
-- ARGV  key
-- Reply 1 when it is told no more; 0 while it is being told

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local claimed = redis.call('ZSCORE', KEYS[3], ARGV[1])
if claimed and tonumber(claimed) > now then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[4], ARGV[1])
return 1
