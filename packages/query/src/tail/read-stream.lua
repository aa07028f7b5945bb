-- Reads entries of a stream, a few at a time until it has enough, so that large ones do not hold the server, and says what
-- the stream is right before.
--
-- KEYS  1 the stream
-- ARGV  1 XRANGE or XREVRANGE, 2 stream id to begin at, 3 to end at, 4 entries at most
--       5 bytes after which no further entry is read
-- Reply { what XINFO STREAM replies, an empty list where the key is missing; { { id, { field, value, ... } }, ... };
--       1 when all up to the end was read, else 0 }

local STEP = 20

local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if string.find(string.lower(info.err), 'no such key', 1, true) then return { {}, {}, 1 } end
  return info
end
local from, wanted, max_bytes = ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local entries, bytes = {}, 0
while #entries < wanted and bytes < max_bytes do
  local step = math.min(STEP, wanted - #entries)
  local read = redis.call(ARGV[1], KEYS[1], from, ARGV[3], 'COUNT', step)
  for i = 1, #read do
    local fields = read[i][2]
    for n = 2, #fields, 2 do bytes = bytes + #fields[n] end
    entries[#entries + 1] = read[i]
  end
  if #read < step then return { info, entries, 1 } end
  from = '(' .. read[#read][1]
end
return { info, entries, 0 }
