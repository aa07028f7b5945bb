-- Notes what became of a notification.
-- KEYS  outbox, due, settings, claims, renewals
-- ARGV  key, what became of it (delivered, failed, given_up, or '' for nothing to count), JSON that takes its place (''
--       removes it), time it is due in ms, 1 when it was delivered and is told again
-- Reply 1 when it was still there

local there = redis.call('HEXISTS', KEYS[1], ARGV[1])
if ARGV[2] ~= '' and there == 1 then redis.call('HINCRBY', KEYS[3], ARGV[2], 1) end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[5], ARGV[1])
elseif there == 1 then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
  if ARGV[5] == '1' then redis.call('ZADD', KEYS[5], ARGV[4], ARGV[1]) end
end
redis.call('ZREM', KEYS[4], ARGV[1])
return there
