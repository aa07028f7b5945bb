/** Made of list-members.lua by scripts/lua.mjs. */
export const LIST_MEMBERS_LUA = `-- Reads what sorted sets and hashes have, each member or field once.
--
-- KEYS  sorted sets and hashes
-- ARGV  1 members to read at most, over all keys
-- Reply { member, ... }, or nil when there are more or a key is neither

local left = tonumber(ARGV[1])
local seen, members = {}, {}
for _, key in ipairs(KEYS) do
  local size = redis.pcall('ZCARD', key)
  local isHash = type(size) == 'table'
  if isHash then size = redis.pcall('HLEN', key) end
  if type(size) == 'table' or size > left then return false end
  left = left - size
  for _, member in ipairs(isHash and redis.call('HKEYS', key) or redis.call('ZRANGE', key, 0, -1)) do
    if not seen[member] then
      seen[member] = true
      members[#members + 1] = member
    end
  end
end
return members
`;
