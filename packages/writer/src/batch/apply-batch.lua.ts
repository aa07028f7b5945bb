/** Made of apply-batch.lua by scripts/lua.mjs. */
export const APPLY_BATCH_LUA = `-- Applies one chunk on one shard, once.
--
-- KEYS  1 the writer's hash  2 the stream  3 the writers; its members are what follows \`KEYS[3]:\` in KEYS[1]
--       4 the version of what is stored. All other keys stand in the payload; they come from the same Keyspace, so they are on the same shard.
-- ARGV  1 number of this chunk, counted per writer from 1
--       2 number of the chunk that must have been applied before, or '' when the writer knows it was
--       3 epoch of the expiries the writer remembers to have refreshed (see below), or ''
--       4 now in ms  5 length the stream is trimmed to  6 seconds the stream is kept after the last write
--       7 seconds the writer's hash is kept, and the writer among the writers
--       8 "ttl cutoff" of each retention class in order, separated by spaces: seconds and score
--       9 the version of what is stored, as the payload is made for
--       10 where in the payload \`shaped\` begins, counted from 0
--       11 ... field and value of what else the writer's hash says, as often as wanted
--       behind them the JSON of each entry, not in the payload: Lua hashes every byte of a text it makes
--       last payload: MessagePack, one value behind the other: those of every entry, then the rest
--          entry     expireAt (s), score, key, value, ..., marks; the values are those of the fields of its
--                    shape. marks: '' or a letter for each index of the shape: ' ' add, 'r' add and refresh the
--                    expiry, '-' leave out. No array holds them: Lua would grow it member by member
--          shaped    { number of an entry's shape, ... }
--          indexes   { key, class, count, place of an entry, ..., key, ... }
--          counters  { { 'HINCRBY' or 'ZINCRBY', key, class, field, n, ... }, ... } (ZINCRBY: n, member)
--          visitors  { { key, class, value, ... }, ... }
--          shapes    { { { field, ... }, { place of a value, prefix, class, ... } }, ... }: the fields of the
--                    hash, and the indexes whose keys are a prefix and a value
-- Reply { 1, epoch, errors } applied; { 0, epoch, {} } had been applied before; { -1, last, {} } an earlier chunk
--       is missing, nothing was done; { -2, version, {} } what is stored is of another version, nothing was done.
--       errors = { text, ... }, one for each key that could not be written.
--
-- \`class\` in indexes, counters and visitors is twice the number of the class, and 1 more when the expiry is due: then
-- the key is trimmed and its EXPIRE set. Otherwise this writer had that done a short while ago. Whoever removes keys
-- removes the \`epoch\` field of the writers, and every expiry is due.
-- The first write is the version or the writer's own record: what refuses writes as a whole (OOM, READONLY) ends the script there,
-- with nothing applied. After it no error stops the rest.

local call, unpack, byte, type, next = redis.call, unpack, string.byte, type, next
local LEAVE_OUT, REFRESH = byte('-'), byte('r')
-- Places in an entry, the first of which says where the next one begins. HEAD: how many stand before the values.
local EXPIRE_AT, SCORE, KEY, HEAD = 2, 3, 4, 4
local version = call('GET', KEYS[4])
if version and version ~= ARGV[9] then return {-2, version, {}} end
local number = tonumber(ARGV[1])
local seen = call('HMGET', KEYS[1], 'batch', 'epoch')
local last, epoch = tonumber(seen[1] or 0), seen[2]
if last >= number then return {0, epoch or '', {}} end
if ARGV[2] ~= '' and last ~= tonumber(ARGV[2]) then return {-1, tostring(last), {}} end
local refreshAll = not epoch or epoch ~= ARGV[3]
if not epoch then epoch = ARGV[4] end
local payload, decode = ARGV[#ARGV], cmsgpack.unpack_limit
local _, shaped, indexes, counters, visitors, shapes = decode(payload, 5, tonumber(ARGV[10]))
local json = #ARGV - 1 - #shaped
local entries, begin = {}, 0
for i, shape in ipairs(shaped) do
  local e = {decode(payload, HEAD + #shapes[shape][1], begin)}
  entries[i], begin = e, e[1]
end
if not version then call('SET', KEYS[4], ARGV[9]) end
call('HSET', KEYS[1], 'batch', ARGV[1], 'epoch', epoch, 'last_seen', ARGV[4], unpack(ARGV, 11, json))
call('EXPIRE', KEYS[1], ARGV[7])

local ttl, cutoff = {}, {}
for seconds, score in string.gmatch(ARGV[8], '(%d+) (%d+)') do
  ttl[#ttl + 1] = seconds
  cutoff[#cutoff + 1] = '(' .. score
end

local errors = {}
-- Goes on behind what failed.
local function attempt(go)
  repeat
    local ok, err = pcall(go)
    if not ok then errors[#errors + 1] = type(err) == 'table' and err.err or tostring(err) end
  until ok
end

local function each(list, write)
  local i, n = 0, #list
  local function go()
    while i < n do
      i = i + 1
      write(list[i])
    end
  end
  attempt(go)
end

-- Of each shape: the arguments of HSET with the names in place.
local arguments = {}
for i, shape in ipairs(shapes) do
  local names = {}
  for k, name in ipairs(shape[1]) do names[2 * k - 1] = name end
  arguments[i] = names
end

-- This loop and others over entries and keys are written out: a function called for each takes Redis 2 % more.
local count, stored, streamed = #entries, 0, 0
attempt(function()
  while stored < count do
    stored = stored + 1
    local e = entries[stored]
    local args, n = arguments[shaped[stored]], #e - HEAD - 1
    for k = 1, n do args[2 * k] = e[HEAD + k] end
    call('HSET', e[KEY], unpack(args, 1, 2 * n))
    call('EXPIREAT', e[KEY], e[EXPIRE_AT])
  end
end)

-- The keys made of values: for each the number of its entry, or the scores and members of several.
local members, due = {}, {}
for i, e in ipairs(entries) do
  local made, marks = shapes[shaped[i]][2], e[#e]
  for k = 1, #made, 3 do
    local mark = marks ~= '' and byte(marks, (k + 2) / 3)
    if mark ~= LEAVE_OUT then
      local key = made[k + 1] .. e[HEAD + made[k]]
      local known = members[key]
      if not known then
        members[key] = i
      elseif type(known) == 'number' then
        local first = entries[known]
        members[key] = {first[SCORE], first[KEY], e[SCORE], e[KEY]}
      else
        local n = #known
        known[n + 1], known[n + 2] = e[SCORE], e[KEY]
      end
      if refreshAll or mark == REFRESH then due[key] = made[k + 2] end
    end
  end
end

-- Only behind a ZADD that succeeded: the key is an index of ours. Without a time to live it is new, and holds nothing old.
local function trimAndExpire(key, class)
  if call('EXPIRE', key, ttl[class], 'NX') == 1 then return end
  call('ZREMRANGEBYSCORE', key, '-inf', cutoff[class])
  call('EXPIRE', key, ttl[class])
end

local key, known
attempt(function()
  while true do
    key, known = next(members, key)
    if not key then return end
    if type(known) == 'number' then
      local e = entries[known]
      call('ZADD', key, e[SCORE], e[KEY])
    else
      call('ZADD', key, unpack(known))
    end
    if due[key] then trimAndExpire(key, due[key]) end
  end
end)

local scored, at, size = {}, 1, #indexes
attempt(function()
  while at < size do
    local key, code, first = indexes[at], indexes[at + 1], at + 3
    at = first + indexes[at + 2]
    local n = 0
    for i = first, at - 1 do
      local e = entries[indexes[i]]
      scored[n + 1], scored[n + 2] = e[SCORE], e[KEY]
      n = n + 2
    end
    call('ZADD', key, unpack(scored, 1, n))
    if refreshAll or code % 2 == 1 then trimAndExpire(key, (code - code % 2) / 2) end
  end
end)

local function refreshExpiry(key, code)
  if refreshAll or code % 2 == 1 then call('EXPIRE', key, ttl[(code - code % 2) / 2]) end
end

each(counters, function(c)
  local command, key = c[1], c[2]
  for i = 4, #c, 2 do call(command, key, c[i], c[i + 1]) end
  refreshExpiry(key, c[3])
end)

each(visitors, function(v)
  call('PFADD', v[1], unpack(v, 3))
  refreshExpiry(v[1], v[2])
end)

local stream = KEYS[2]
attempt(function()
  while streamed < count do
    streamed = streamed + 1
    call('XADD', stream, '*', 'data', ARGV[json + streamed])
  end
end)
each({stream}, function() call('XTRIM', stream, 'MAXLEN', '~', ARGV[5]) call('EXPIRE', stream, ARGV[6]) end)
call('HINCRBY', KEYS[1], 'written', count)
each({KEYS[3]}, function(writers)
  call('ZADD', writers, ARGV[4], string.sub(KEYS[1], #writers + 2))
  call('EXPIRE', writers, ARGV[7])
  -- A writer is new where every expiry is due, and without new ones the set does not grow.
  if refreshAll then call('ZREMRANGEBYSCORE', writers, '-inf', ARGV[4] - ARGV[7] * 1000) end
end)
return {1, epoch, errors}
`;
