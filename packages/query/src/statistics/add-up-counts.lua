-- Adds up hashes of counters: the client gets one sum a field instead of every hash. The same few numbers come again
-- and again, so each text is read as a number once.
--
-- KEYS  the hashes
-- ARGV  1 fields after which no further hash is read
-- Reply JSON: [hashes read, { field: sum, ... }]; a key of another type counts as empty, what is no whole number as 0

local max_fields = tonumber(ARGV[1])
local sums, numbers, read, fields = {}, {}, 0, 0
while read < #KEYS and fields < max_fields do
  read = read + 1
  local hash = redis.pcall('HGETALL', KEYS[read])
  fields = fields + #hash / 2
  for i = 1, #hash, 2 do
    local field, text = hash[i], hash[i + 1]
    local number = numbers[text]
    if not number then
      number = #text < 16 and string.find(text, '^%d+$') and tonumber(text) or 0
      numbers[text] = number
    end
    sums[field] = (sums[field] or 0) + number
  end
end
return cjson.encode({ read, sums })
