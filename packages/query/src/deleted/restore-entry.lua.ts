/** Made of restore-entry.lua by scripts/lua.mjs. */
export const RESTORE_ENTRY_LUA = `-- Puts a deleted entry back into the indexes it was in.
--
-- KEYS  1 the hash, 2 the index of what is deleted; then the indexes, as the hash was found to name them
-- ARGV  1 when it was deleted, as the hash was found to say, 2 expiry in ms of an index that has none
-- Reply 1, or 0 where the hash says something else by now

local known = redis.call('HMGET', KEYS[1], 'deleted', 'deleted_score')
if known[1] ~= ARGV[1] then return 0 end
for i = 3, #KEYS do
  local added = redis.pcall('ZADD', KEYS[i], known[2], KEYS[1])
  -- A key of another type is somebody else's by now.
  if type(added) == 'number' then redis.call('PEXPIRE', KEYS[i], ARGV[2], 'NX') end
end
redis.call('HDEL', KEYS[1], 'deleted', 'deleted_score', 'deleted_from')
redis.call('ZREM', KEYS[2], KEYS[1])
return 1
`;
