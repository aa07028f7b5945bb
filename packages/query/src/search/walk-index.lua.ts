/** Made of walk-index.lua by scripts/lua.mjs. */
export const WALK_INDEX_LUA = `-- Walks one sorted set from newest to oldest and keeps the members that every group of other sorted sets knows, and no
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
-- Members of one score are compared byte by byte, as Redis sorts them: Lua's \`<\` follows the server's locale.
-- A score is an integer below 2^53 and stays text, so it loses nothing. Chunks stay far below the 7,000
-- values Lua can unpack.

local function read_hashes(keys, count, max_bytes)
  local hashes, bytes = {}, 0
  for i = 1, math.min(count, #keys) do
    if bytes >= max_bytes then break end
    local hash = redis.pcall('HGETALL', keys[i])
    if hash.err and not string.find(hash.err, '^WRONGTYPE') then return nil, hash end
    for n = 2, #hash, 2 do bytes = bytes + #hash[n] end
    hashes[i] = hash
  end
  return hashes
end
local function text_decision(json)
  if json == '' then return nil end
  local decision = cjson.decode(json)
  local needles, foldings = decision.needles, decision.foldings
  local find, pcall, bor = string.find, redis.pcall, bit.bor
  local ALL = 2 ^ #needles - 1

  -- Names to ask for: those of the line first, then the fields, some with the name of their second piece.
  local function layout(line, with_second)
    local asked, fields = {}, {}
    for i = 1, #line do asked[i] = line[i] end
    for _, name in ipairs(decision.fields) do
      if name ~= line[2] then
        asked[#asked + 1] = name
        local field = { name = name, at = #asked }
        if with_second[name] then
          asked[#asked + 1] = name .. '~1'
          field.second_at = #asked
        end
        fields[#fields + 1] = field
      end
    end
    return { asked = asked, fields = fields, has_line = #line > 0 }
  end
  local of_requests = layout(decision.line, { user_agent = true })
  local of_others = layout({}, { message = true, data = true })

  -- A text as a whole, whose first piece is known and maybe the second. A piece too short to be cut is the last.
  local function whole(id, name, start, second)
    local pieces = { start, second }
    while #pieces[#pieces] >= decision.cutFrom and #pieces < decision.pieces do
      local number = #pieces
      local more = redis.call('HMGET', id, name .. '~' .. number, name .. '~' .. number + 1, name .. '~' .. number + 2)
      for i = 1, #more do
        if not more[i] then return table.concat(pieces) end
        pieces[#pieces + 1] = more[i]
      end
    end
    return table.concat(pieces)
  end

  -- Which needles a text holds, a bit for each; all of them where a letter may stand for one of theirs.
  local known = {}
  local function held(text)
    local bits = known[text]
    if bits then return bits end
    bits = 0
    local lower = string.lower(text)
    for i = 1, #needles do
      if find(lower, needles[i], 1, true) then bits = bits + 2 ^ (i - 1) end
    end
    for i = 1, #foldings do
      if find(text, foldings[i], 1, true) then bits = ALL end
    end
    known[text] = bits
    return bits
  end

  return function(ids)
    local kept, bytes = {}, 0
    for n = 1, #ids do
      local id = ids[n]
      -- Some other ids hold this as well: they are asked for more than they need.
      local way = find(id, 'req:', 1, true) and of_requests or of_others
      local values = pcall('HMGET', id, unpack(way.asked))
      local bits = 0
      if values.err then
        if not find(values.err, '^WRONGTYPE') then return nil, values end
      else
        if way.has_line then
          local method, path = values[1] or '-', values[2] or '-'
          if #path >= decision.cutFrom then path = whole(id, 'path', path) end
          bits = bor(held(method), held(path))
          -- The message of a request without one of its own, where a needle may lie across its parts.
          if way.asked[3] == 'status_code' then
            bits = bor(bits, held(method .. ' ' .. path .. ' ' .. (values[3] or '')))
          end
          bytes = bytes + #path
        end
        local fields = way.fields
        for i = 1, #fields do
          local field = fields[i]
          local text = values[field.at]
          if text then
            if #text >= decision.cutFrom then
              local second = field.second_at and values[field.second_at]
              if second or not field.second_at then text = whole(id, field.name, text, second) end
            end
            bytes = bytes + #text
            bits = bor(bits, held(text))
          end
        end
      end
      if bits == ALL then kept[#kept + 1] = id end
    end
    return kept, bytes
  end
end
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
`;
