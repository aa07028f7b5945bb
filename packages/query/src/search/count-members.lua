-- Counts the members of sorted sets from a score on: one call, where a command for each of hundreds would cost more to
-- send than to run. Most of hundreds do not exist, so they are asked for in blocks first.
--
-- KEYS  the sorted sets
-- ARGV  1 highest score; then pairs: for how many sets in a row, their lowest score
-- Reply { place of a set from 1, its count, ... } of the sets that have members there; keys of another type have none

local BLOCK = 10
local counts = {}
local place = 0
for run = 2, #ARGV, 2 do
  local lowest = ARGV[run + 1]
  local run_end = place + tonumber(ARGV[run])
  while place < run_end do
    local last = math.min(place + BLOCK, run_end)
    if redis.call('EXISTS', unpack(KEYS, place + 1, last)) > 0 then
      for i = place + 1, last do
        local count = redis.pcall('ZCOUNT', KEYS[i], lowest, ARGV[1])
        if type(count) == 'number' and count > 0 then
          counts[#counts + 1] = i
          counts[#counts + 1] = count
        end
      end
    end
    place = last
  end
end
return counts
