-- Walks one sorted set from newest to oldest and keeps the members that every group of other sorted sets knows, and no
-- excluding group does; where it can decide on texts, only those that may match.
--
-- KEYS  1 the set to walk; then the keys of the groups, one group after the other
-- ARGV  1 lowest score, included
--       2 highest score of the window
--       3 score and 4 member to start behind; an empty member: start at the score itself
--       5 members wanted, 6 members to walk at most
--       7 how many of the hashes the kept members name are read along, 8 bytes of values after which none is
--       9 JSON of a TextDecision, '' for none; 10 bytes of texts after which the walk ends
--       11.. keys in each group, of an excluding group 0 minus their number
-- Reply { members in the window, walked, 1 at the end of the set else 0, score and member of the last one walked,
--       {kept}, {their scores}, JSON of the hashes of the first kept ones or '' for none }; a key of another type is an
--       empty set
--
-- Members of one score are compared byte by byte, as Redis sorts them: Lua's `<` follows the server's locale.
-- A score is an integer below 2^53 and stays text, so it loses nothing. Chunks stay far below the 7,000
-- values Lua can unpack.

-- @include read-hashes.lua
-- @include text-decision.lua
local walked_key = KEYS[1]
local CHUNK = 500
-- Members whose texts are read before their bytes are looked at.
local TEXTS_CHUNK = 50
-- Place of the first group's size.
local GROUPS = 11

local function before(a, b)
  local length = math.min(#a, #b)
  for i = 1, length do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function start_rank(score, member)
  local newer = redis.call('ZCOUNT', walked_key, '(' .. score, '+inf')
  if member == '' then return newer end
  local low, high = newer, redis.call('ZCOUNT', walked_key, score, '+inf')
  while low < high do
    local middle = math.floor((low + high) / 2)
    if before(redis.call('ZREVRANGE', walked_key, middle, middle)[1], member) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local function probed(members)
  local key = 1
  for group = GROUPS, #ARGV do
    if #members == 0 then return members end
    local known = {}
    local size = tonumber(ARGV[group])
    for _ = 1, math.abs(size) do
      key = key + 1
      local scores = redis.call('ZMSCORE', KEYS[key], unpack(members))
      for i = 1, #members do known[i] = known[i] or scores[i] end
    end
    local kept = {}
    for i = 1, #members do
      if (known[i] ~= nil and known[i] ~= false) == (size > 0) then kept[#kept + 1] = members[i] end
    end
    members = kept
  end
  return members
end

if redis.call('TYPE', walked_key).ok ~= 'zset' then return { 0, 0, 1, '', '', {}, {}, '' } end
local rank = start_rank(ARGV[3], ARGV[4])
local last_rank = redis.call('ZCOUNT', walked_key, ARGV[1], '+inf') - 1
local wanted, allowed = tonumber(ARGV[5]), tonumber(ARGV[6])
local walked, last_member = 0, ''
local kept, scores = {}, {}
local decide, text_bytes, max_text_bytes = text_decision(ARGV[9]), 0, tonumber(ARGV[10])
while rank <= last_rank and walked < allowed and #kept < wanted and text_bytes < max_text_bytes do
  local size = math.min(decide and TEXTS_CHUNK or CHUNK, allowed - walked)
  if #ARGV < GROUPS and not decide then size = math.min(size, wanted - #kept) end
  local members = redis.call('ZREVRANGE', walked_key, rank, math.min(rank + size - 1, last_rank))
  rank = rank + #members
  walked = walked + #members
  last_member = members[#members]
  local passed = probed(members)
  if decide then
    local may_match, bytes = decide(passed)
    if not may_match then return bytes end
    passed, text_bytes = may_match, text_bytes + bytes
  end
  if #passed > 0 then
    local passed_scores = redis.call('ZMSCORE', walked_key, unpack(passed))
    for i = 1, #passed do
      kept[#kept + 1] = passed[i]
      scores[#scores + 1] = passed_scores[i]
    end
  end
end
local last_score = walked > 0 and redis.call('ZSCORE', walked_key, last_member) or ''
local in_window = redis.call('ZCOUNT', walked_key, ARGV[1], ARGV[2])
local hashes, err = read_hashes(kept, tonumber(ARGV[7]), tonumber(ARGV[8]))
if err then return err end
local json = #hashes > 0 and cjson.encode(hashes) or ''
return { in_window, walked, rank > last_rank and 1 or 0, last_score, last_member, kept, scores, json }
