/** Made of delete-entry.lua by scripts/lua.mjs. */
export const DELETE_ENTRY_LUA = `-- Takes an entry out of its indexes. Its hash stays until it expires, and says when it was deleted and where it was.
--
-- KEYS  1 the hash, 2 the index of what is deleted; then the indexes the entry may be in
-- ARGV  1 now in ms, 2 lowest score the index of what is deleted keeps, 3 its expiry in ms
-- Reply 1, or 0 where there is no such entry or it is deleted already

if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end
local known = redis.call('HMGET', KEYS[1], 'timestamp', 'deleted')
if not known[1] or known[2] then return 0 end
local places, score = {}, nil
for i = 3, #KEYS do
  local found = redis.pcall('ZSCORE', KEYS[i], KEYS[1])
  -- A key of another type is somebody else's.
  if found and type(found) == 'string' then
    places[#places + 1] = KEYS[i]
    score = found
    redis.call('ZREM', KEYS[i], KEYS[1])
  end
end
score = score or string.format('%.0f', tonumber(known[1]) * 4096)
redis.call('HSET', KEYS[1], 'deleted', ARGV[1], 'deleted_score', score, 'deleted_from', table.concat(places, '\\n'))
redis.call('ZADD', KEYS[2], score, KEYS[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[2])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
return 1
`;
