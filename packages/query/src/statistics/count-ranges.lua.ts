/** Made of count-ranges.lua by scripts/lua.mjs. */
export const COUNT_RANGES_LUA = `-- KEYS  the sorted sets
-- ARGV  for each its lowest and highest score
-- Reply the counts, in the order of KEYS; 0 for a key of another type

local counts = {}
for i, key in ipairs(KEYS) do
  local count = redis.pcall('ZCOUNT', key, ARGV[2 * i - 1], ARGV[2 * i])
  counts[i] = type(count) == 'number' and count or 0
end
return counts
`;
