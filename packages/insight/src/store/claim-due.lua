-- Claims notifications that are due: nobody else gets them before the claim is over.
-- KEYS  due, outbox, claims
-- ARGV  how many at most, milliseconds a claim lasts, then channels that take none now
-- Reply the server's time in ms, then key and JSON of each in turn

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local busy = {}
for i = 3, #ARGV do busy[ARGV[i]] = true end
local reply = { now }
local left = tonumber(ARGV[1])
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, 10000)) do
  if left == 0 then break end
  if not busy[string.match(key, '|(.*)$')] then
    local json = redis.call('HGET', KEYS[2], key)
    if json then
      redis.call('ZADD', KEYS[1], now + ARGV[2], key)
      redis.call('ZADD', KEYS[3], now + ARGV[2], key)
      reply[#reply + 1] = key
      reply[#reply + 1] = json
      left = left - 1
    else
      redis.call('ZREM', KEYS[1], key)
    end
  end
end
return reply
