/** Made of refresh-own-keys.lua by scripts/lua.mjs. */
export const REFRESH_OWN_KEYS_LUA = `-- Makes writers forget which expiries they have set, and gives an expiry to keys of ours that have none. What others have
-- under a name like ours stays as it is.
--
-- KEYS  the keys
-- ARGV  1 what stands before each of our keys, 2 expiry in ms; then the shape of each key
-- Reply how many keys are ours

local function is_id(text, base)
  if type(text) ~= 'string' or string.sub(text, 1, #base) ~= base then return false end
  local bare = string.sub(text, #base + 1)
  return string.find(bare, '^req:%d+:') ~= nil or string.find(bare, '^log:%d+:') ~= nil
end

local OWN_SHAPES = {
  entry = function(key, base)
    return redis.call('HGET', key, 'timestamp') == string.match(string.sub(key, #base + 1), '^%a+:(%d+):')
  end,
  index = function(key, base) return is_id(redis.call('ZRANGE', key, 0, 0)[1], base) end,
  counters = function(key)
    local field = redis.call('HRANDFIELD', key, 1, 'WITHVALUES')
    return field[2] ~= nil and string.find(field[2], '^%d+$') ~= nil
  end,
  ranking = function() return true end,
  visitors = function(key) return redis.call('GETRANGE', key, 0, 3) == 'HYLL' end,
  stream = function(key)
    local first = redis.call('XRANGE', key, '-', '+', 'COUNT', 1)[1]
    return first == nil or first[2][1] == 'data'
  end,
  writer = function(key) return redis.call('HEXISTS', key, 'batch') == 1 end,
}
local OWN_TYPES = {
  entry = 'hash', index = 'zset', counters = 'hash', ranking = 'zset', visitors = 'string', stream = 'stream',
  writer = 'hash',
}

local function is_own(key, shape, base)
  return redis.call('TYPE', key).ok == OWN_TYPES[shape] and OWN_SHAPES[shape](key, base)
end
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
`;
