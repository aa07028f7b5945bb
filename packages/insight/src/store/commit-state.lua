-- Replaces the state of one rule, with the transitions and notifications it brings: all of it, once, or nothing.
-- KEYS  settings, states, history, outbox, due
-- ARGV  fencing number ('' for whoever needs none), rule, state before ('' for none), state after ('' removes it), longest
--       history, largest outbox, windows evaluated, number of transitions, transitions as JSON (oldest first), then three
--       for each notification: key, JSON, time it is due in ms
-- Reply -1 when the lease has changed hands or the state is another one; else how many notifications found no room

if ARGV[1] ~= '' and redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return -1 end
if (redis.call('HGET', KEYS[2], ARGV[2]) or '') ~= ARGV[3] then return -1 end
if ARGV[4] == '' then
  redis.call('HDEL', KEYS[2], ARGV[2])
else
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
end
if ARGV[7] ~= '0' then redis.call('HINCRBY', KEYS[1], 'evaluated', ARGV[7]) end
local at = 9
for _ = 1, tonumber(ARGV[8]) do
  redis.call('LPUSH', KEYS[3], ARGV[at])
  at = at + 1
end
if at > 9 then redis.call('LTRIM', KEYS[3], 0, ARGV[5] - 1) end
local room = ARGV[6] - redis.call('HLEN', KEYS[4])
local lost = 0
while ARGV[at] do
  if room > 0 then
    if redis.call('HSETNX', KEYS[4], ARGV[at], ARGV[at + 1]) == 1 then
      redis.call('ZADD', KEYS[5], ARGV[at + 2], ARGV[at])
      room = room - 1
    end
  else
    lost = lost + 1
  end
  at = at + 3
end
if lost > 0 then redis.call('HINCRBY', KEYS[1], 'lost', lost) end
return lost
