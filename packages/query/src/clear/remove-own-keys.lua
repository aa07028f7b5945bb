-- Removes the keys that are ours, and leaves those of others whose names look like ours.
--
-- KEYS  the keys
-- ARGV  1 what stands before each of our keys; then the shape of each key
-- Reply { entries removed, other keys removed }

-- @include own-key.lua
local entries, others = 0, 0
for i, key in ipairs(KEYS) do
  local shape = ARGV[i + 1]
  if is_own(key, shape, ARGV[1]) then
    redis.call('UNLINK', key)
    if shape == 'entry' then entries = entries + 1 else others = others + 1 end
  end
end
return { entries, others }
