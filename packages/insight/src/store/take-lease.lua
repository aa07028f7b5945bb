-- Takes or renews the lease of whoever evaluates alert rules.
-- KEYS  lease, settings
-- ARGV  owner, milliseconds it lasts
-- Reply the fencing number of the holder, 0 when somebody else has it; the server's time in ms

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return { 0, now } end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if holder then return { tonumber(redis.call('HGET', KEYS[2], 'fence') or '0'), now } end
return { redis.call('HINCRBY', KEYS[2], 'fence', 1), now }
