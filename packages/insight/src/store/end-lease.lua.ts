/** Made of end-lease.lua by scripts/lua.mjs. */
export const END_LEASE_LUA = `-- Gives the lease back.
-- KEYS  lease
-- ARGV  owner
-- Reply 1 when it was the owner's

if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;
