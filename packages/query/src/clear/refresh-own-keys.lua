-- Makes writers forget which expiries they have set, and gives an expiry to keys of ours that have none. What others have
-- under a name like ours stays as it is.
--
-- KEYS  the keys
-- ARGV  1 what stands before each of our keys, 2 expiry in ms; then the shape of each key
-- Reply how many keys are ours

-- @include own-key.lua
local own = 0
for i, key in ipairs(KEYS) do
  local shape = ARGV[i + 2]
  if is_own(key, shape, ARGV[1]) then
    own = own + 1
    if shape == 'writer' then
      redis.call('HDEL', key, 'epoch')
    else
      redis.call('PEXPIRE', key, ARGV[2], 'NX')
    end
  end
end
return own
