-- To include: `is_own(key, shape, base)` says whether a key whose name looks like one of ours is of the type and shape we
-- write; `base` is what stands before each of our keys. Shapes are those of own-keys.ts.

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
