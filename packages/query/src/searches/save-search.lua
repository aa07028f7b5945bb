-- Saves a search under its name, in place of one of that name, unless there are too many.
--
-- KEYS  1 the hash of saved searches
-- ARGV  1 name; 2 text; 3 how many there may be
-- Reply 1, or 0 when there are as many already and none has that name

if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1
