import { redisScript } from './redis-script.js';

/**
 * Walks one sorted set from newest to oldest and keeps the members that every group of other sorted sets knows.
 *
 * KEYS  1 the set to walk; then the keys of the groups, one group after the other
 * ARGV  1 lowest score, included
 *       2 highest score, 3 member: start behind this place; an empty member: start at the score itself
 *       4 members wanted, 5 members to walk at most; 6.. keys in each group
 * Reply { walked, 1 at the end of the set else 0, score and member of the last one walked, {kept}, {their scores} }
 *
 * Members of one score are compared byte by byte, as Redis sorts them: Lua's `<` follows the server's locale.
 * A score is an integer of milliseconds and stays text, so it loses nothing. Chunks stay far below the 7,000
 * values Lua can unpack.
 */
export const WALK_SCRIPT = redisScript(`
local walked_key = KEYS[1]
local CHUNK = 500

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

local function known_to_all(members)
  local key = 1
  for group = 6, #ARGV do
    if #members == 0 then return members end
    local known = {}
    for _ = 1, tonumber(ARGV[group]) do
      key = key + 1
      local scores = redis.call('ZMSCORE', KEYS[key], unpack(members))
      for i = 1, #members do known[i] = known[i] or scores[i] end
    end
    local kept = {}
    for i = 1, #members do
      if known[i] then kept[#kept + 1] = members[i] end
    end
    members = kept
  end
  return members
end

local rank = start_rank(ARGV[2], ARGV[3])
local last_rank = redis.call('ZCOUNT', walked_key, ARGV[1], '+inf') - 1
local wanted, allowed = tonumber(ARGV[4]), tonumber(ARGV[5])
local walked, last_member = 0, ''
local kept, scores = {}, {}
while rank <= last_rank and walked < allowed and #kept < wanted do
  local size = math.min(CHUNK, allowed - walked)
  if #ARGV < 6 then size = math.min(size, wanted - #kept) end
  local members = redis.call('ZREVRANGE', walked_key, rank, math.min(rank + size - 1, last_rank))
  rank = rank + #members
  walked = walked + #members
  last_member = members[#members]
  local known = known_to_all(members)
  if #known > 0 then
    local known_scores = redis.call('ZMSCORE', walked_key, unpack(known))
    for i = 1, #known do
      kept[#kept + 1] = known[i]
      scores[#scores + 1] = known_scores[i]
    end
  end
end
local last_score = walked > 0 and redis.call('ZSCORE', walked_key, last_member) or ''
return { walked, rank > last_rank and 1 or 0, last_score, last_member, kept, scores }
`);
