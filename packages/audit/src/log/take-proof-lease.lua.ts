/** Made of take-proof-lease.lua by scripts/lua.mjs. */
export const TAKE_PROOF_LEASE_LUA = `-- Takes or renews the lease of whoever appends to the tree of the audit trail.
-- KEYS  1 lease
-- ARGV  1 owner  2 milliseconds it lasts
-- Reply 1 when the owner has it now, else 0

local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
