-- Applies one chunk on one shard, once.
--
-- KEYS  1 the writer's account  2 the stream  3 the writers; its members are what follows `KEYS[3]:` in KEYS[1]
--       4 the version of what is stored. All other keys stand in the payload; they come from the same Keyspace, so they
--       are on the same shard.
--       5 ... where the own id of each entry is known, which its sender gave it; none when the entries have none
--       last, on a shard of a cluster, a key that never exists: while the slot moves Redis refuses the call for it
-- ARGV  1 number of this chunk, counted per writer from 1
--       2 number of its predecessor, which must have been applied; 0: none
--       3 epoch of the expiries the writer remembers to have refreshed (see below), or ''
--       4 the writer's clock in ms, or '' when another process sends the chunk
--       5 length the stream is trimmed to  6 seconds the stream is kept after the last write
--       7 seconds the account is kept, and the writer among the writers
--       8 "seconds ms" of each retention class in order, separated by spaces: how long its keys are kept, and its entries
--       9 the version of what is stored, as the payload is made for
--       10 how many ms an entry may lie ahead of the server's clock
--       11 entries of this writer that are known to be written; '' when another process sends the chunk
--       12 the first expireAt of the entries (s)  13 their highest score
--       14 where in the payload `shaped` begins, counted from 0
--       15 ... field and value of what else the account says, as often as wanted
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
--          audits    { key of the trail, place of an entry, hash of its canonical form, ... }; empty without audit
--                    entries
-- Reply { state, text, list, the server's clock in ms }
--       1   applied; text: epoch, list: an error for each key that could not be written
--       0   had been applied before; text: epoch
--       -1  the predecessor is missing, nothing was done; text: number of the last chunk applied
--       -2  what is stored is of another version, nothing was done; text: that version
--       -3  entries are refused, and the number is not recorded; list: place and why, in turns, where why is
--           'entry_too_old', 'entry_in_future' or an error of Redis
--       -4  own ids are known, nothing was done; list: place of an entry and what it is stored as, in turns
--
-- The clock is the server's. First comes all that may be done twice: hashes with their expiry, indexes, HyperLogLogs.
-- An error there that is about one key leaves out that key, or that entry; any other error ends the script, so that the
-- same chunk is sent again. Then comes the number, and then what may not be done twice, counters and stream: no error
-- stops those.
--
-- `class` in indexes, counters and visitors is twice the number of the class, and 1 more when the expiry is due: then
-- the key is trimmed and its EXPIRE set. Otherwise this writer had that done a short while ago. Whoever removes keys
-- removes the `epoch` field of the writers, and every expiry is due.

local call, unpack, byte, type, next = redis.call, unpack, string.byte, type, next
local LEAVE_OUT, REFRESH = byte('-'), byte('r')
-- Places in an entry, the first of which says where the next one begins. HEAD: how many stand before the values.
local EXPIRE_AT, SCORE, KEY, HEAD = 2, 3, 4, 4
-- A score is `ms * 4096 + order`.
local PLACES = 4096
-- What fits on the stack of one call.
local BLOCK = 1000

local version = call('GET', KEYS[4])
if version and version ~= ARGV[9] then return {-2, version, {}, 0} end
local time = call('TIME')
local seconds = tonumber(time[1])
local now = seconds * 1000 + math.floor(time[2] / 1000)
local number, predecessor = tonumber(ARGV[1]), tonumber(ARGV[2])
local seen = call('HMGET', KEYS[1], 'batch', 'epoch')
local last, epoch = tonumber(seen[1] or 0), seen[2]
if last >= number then return {0, epoch or '', {}, now} end
if last < predecessor then return {-1, tostring(last), {}, now} end
local refreshAll = not epoch or epoch ~= ARGV[3]
if not epoch then epoch = string.format('%.0f', now) end

local payload, decode = ARGV[#ARGV], cmsgpack.unpack_limit
local _, shaped, indexes, counters, visitors, shapes, audits = decode(payload, 6, tonumber(ARGV[14]))
local json = #ARGV - 1 - #shaped
local refused = {}
local highest = (now + ARGV[10]) * PLACES + PLACES - 1
local entries, begin = {}, 0
for i, shape in ipairs(shaped) do
  local e = {decode(payload, HEAD + #shapes[shape][1], begin)}
  entries[i], begin = e, e[1]
end
if ARGV[12] - seconds <= 0 or ARGV[13] - highest > 0 then
  for i, e in ipairs(entries) do
    if e[EXPIRE_AT] - seconds <= 0 then
      refused[#refused + 1], refused[#refused + 2] = i, 'entry_too_old'
    elseif e[SCORE] - highest > 0 then
      refused[#refused + 1], refused[#refused + 2] = i, 'entry_in_future'
    end
  end
  return {-3, '', refused, now}
end

local hasOwnIds = KEYS[5] and not string.find(KEYS[5], 'settings:absent', 1, true)
if hasOwnIds then
  local known, first = {}, {}
  for i, e in ipairs(entries) do
    local key = KEYS[4 + i]
    local id = first[key] or call('GET', key) or e[KEY]
    if id ~= e[KEY] then known[#known + 1], known[#known + 2] = i, id end
    first[key] = id
  end
  if #known > 0 then return {-4, '', known, now} end
end

local ttl, cutoff = {}, {}
for kept, ms in string.gmatch(ARGV[8], '(%d+) (%d+)') do
  ttl[#ttl + 1] = kept
  cutoff[#cutoff + 1] = string.format('(%.0f', math.max(0, now - ms) * PLACES)
end

-- @include attempt.lua

local errors = {}
local function note(err) errors[#errors + 1] = err end

-- Of each shape: the arguments of HSET with the names in place.
local arguments = {}
for i, shape in ipairs(shapes) do
  local names = {}
  for k, name in ipairs(shape[1]) do names[2 * k - 1] = name end
  arguments[i] = names
end

if not version then call('SET', KEYS[4], ARGV[9]) end

-- This loop and others over entries and keys are written out: a function called for each takes Redis 2 % more.
local count, stored, hasHash = #entries, 0, false
local failure = attempt(function()
  while stored < count do
    stored, hasHash = stored + 1, false
    local e = entries[stored]
    local args, n = arguments[shaped[stored]], #e - HEAD - 1
    for k = 1, n do args[2 * k] = e[HEAD + k] end
    call('HSET', e[KEY], unpack(args, 1, 2 * n))
    hasHash = true
    call('EXPIREAT', e[KEY], e[EXPIRE_AT])
  end
end, function(err)
  refused[#refused + 1], refused[#refused + 2] = stored, err
  if hasHash then redis.pcall('UNLINK', entries[stored][KEY]) end
end, true)
-- Without its expiry it would stay for ever.
if failure and hasHash then redis.pcall('UNLINK', entries[stored][KEY]) end
if failure then return {err = failure} end
if #refused > 0 then return {-3, '', refused, now} end

-- The keys made of values: for each the number of its entry, or the scores and members of several.
local members, due = {}, {}
-- Keys whose expiry is not due. One that is not there is new, and gets its expiry all the same.
local undue, n = {}, 0
for i, e in ipairs(entries) do
  local made, marks = shapes[shaped[i]][2], e[#e]
  for k = 1, #made, 3 do
    local mark = marks ~= '' and byte(marks, (k + 2) / 3)
    if mark ~= LEAVE_OUT then
      local key = made[k + 1] .. e[HEAD + made[k]]
      local known = members[key]
      if refreshAll or mark == REFRESH then
        due[key] = made[k + 2]
      elseif not known then
        n = n + 1
        undue[n] = key
      end
      if not known then
        members[key] = i
      elseif type(known) == 'number' then
        local first = entries[known]
        members[key] = {first[SCORE], first[KEY], e[SCORE], e[KEY]}
      else
        local size = #known
        known[size + 1], known[size + 2] = e[SCORE], e[KEY]
      end
    end
  end
end

-- `code` is twice the class, and 1 more when the expiry is due.
local function look(key, code)
  if refreshAll or code % 2 == 1 then
    due[key] = (code - code % 2) / 2
  else
    n = n + 1
    undue[n] = key
  end
end
local at, size = 1, #indexes
while at < size do
  look(indexes[at], indexes[at + 1])
  at = at + 3 + indexes[at + 2]
end
for _, c in ipairs(counters) do look(c[2], c[3]) end
for _, v in ipairs(visitors) do look(v[1], v[2]) end

-- @include new-keys.lua

-- Only behind a ZADD that succeeded: the key is an index of ours. Without a time to live it is new, and holds nothing
-- old.
local function trimAndExpire(key, class)
  if call('EXPIRE', key, ttl[class], 'NX') == 1 then return end
  call('ZREMRANGEBYSCORE', key, '-inf', cutoff[class])
  call('EXPIRE', key, ttl[class])
end

local key, known
failure = attempt(function()
  while true do
    key, known = next(members, key)
    if not key then return end
    if type(known) == 'number' then
      local e = entries[known]
      call('ZADD', key, e[SCORE], e[KEY])
    else
      call('ZADD', key, unpack(known))
    end
    local class = due[key]
    if class then trimAndExpire(key, class) end
  end
end, note, true)
if failure then return {err = failure} end

local scored = {}
at = 1
failure = attempt(function()
  while at < size do
    local key, first = indexes[at], at + 3
    at = first + indexes[at + 2]
    local n = 0
    for i = first, at - 1 do
      local e = entries[indexes[i]]
      scored[n + 1], scored[n + 2] = e[SCORE], e[KEY]
      n = n + 2
    end
    call('ZADD', key, unpack(scored, 1, n))
    local class = due[key]
    if class then trimAndExpire(key, class) end
  end
end, note, true)
if failure then return {err = failure} end

local counted = 0
failure = attempt(function()
  while counted < #visitors do
    counted = counted + 1
    local v = visitors[counted]
    call('PFADD', v[1], unpack(v, 3))
    if due[v[1]] then call('EXPIRE', v[1], ttl[due[v[1]]]) end
  end
end, note, true)
if failure then return {err = failure} end

-- Last of what may be done twice: what is known so is stored.
local known = hasOwnIds and 0 or count
failure = attempt(function()
  while known < count do
    known = known + 1
    local e, key = entries[known], KEYS[4 + known]
    call('SET', key, e[KEY])
    call('EXPIREAT', key, e[EXPIRE_AT])
  end
end, note, true)
if failure then return {err = failure} end

local account = KEYS[1]
local fields = {'batch', ARGV[1], 'epoch', epoch, 'last_seen', string.format('%.0f', now)}
local function say(field, value)
  fields[#fields + 1] = field
  fields[#fields + 1] = value
end
if ARGV[4] ~= '' then say('skew', string.format('%.0f', ARGV[4] - now)) end
-- The writer has written before, and Redis knows nothing of it: its data was removed or lost.
if not seen[1] and ARGV[11] ~= '' and ARGV[11] ~= '0' then say('written_before', ARGV[11]) end
for i = 15, json do fields[#fields + 1] = ARGV[i] end
call('HSET', account, unpack(fields))

-- The trail numbers them: each audit entry once, in the order of this shard.
local trailed = 0
attempt(function()
  while trailed + 2 < #audits do
    trailed = trailed + 2
    local id = entries[audits[trailed]][KEY]
    call('XADD', audits[1], 'MAXLEN', '~', 1000000, '0-*', 'e', id, 'h', audits[trailed + 1])
  end
end, note)

attempt(function()
  while true do
    local c = table.remove(counters)
    if not c then return end
    local command, key = c[1], c[2]
    for i = 4, #c, 2 do call(command, key, c[i], c[i + 1]) end
    if due[key] then call('EXPIRE', key, ttl[due[key]]) end
  end
end, note)

-- What follows a command is done only when that command did it: a key of another type is left as it is.
local function inTurn(commands)
  for _, command in ipairs(commands) do
    local reply = redis.pcall(unpack(command))
    if type(reply) == 'table' and reply.err then return note(reply.err) end
  end
end

local stream, streamed, inStream = KEYS[2], 0, 0
attempt(function()
  while streamed < count do
    streamed = streamed + 1
    call('XADD', stream, '*', 'data', ARGV[json + streamed])
    inStream = inStream + 1
  end
end, note)
if inStream > 0 then inTurn({{'XTRIM', stream, 'MAXLEN', '~', ARGV[5]}, {'EXPIRE', stream, ARGV[6]}}) end
inTurn({{'HINCRBY', account, 'written', count}, {'EXPIRE', account, ARGV[7]}})

local writers = KEYS[3]
local ofWriters = {
  {'ZADD', writers, string.format('%.0f', now), string.sub(account, #writers + 2)},
  {'EXPIRE', writers, ARGV[7]},
}
-- A writer is new where every expiry is due, and without new ones the set does not grow.
if refreshAll then
  ofWriters[3] = {'ZREMRANGEBYSCORE', writers, '-inf', string.format('%.0f', now - ARGV[7] * 1000)}
end
inTurn(ofWriters)
if #errors > 0 then redis.pcall('HINCRBY', account, 'index_failed', #errors) end
return {1, epoch, errors, now}
