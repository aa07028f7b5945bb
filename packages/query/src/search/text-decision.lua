-- To include: text_decision(json), a function that drops the ids of hashes which cannot match, so that their entries
-- need not be fetched; nil for an empty text. The JSON is a TextDecision, of text-decision.ts.
--
-- The function takes ids and replies those to keep, in order, and the bytes of text it has read; or nil and an error of
-- Redis. It reads the fields alone, a text in pieces as a whole. All texts of the ids are searched as one, and each by
-- itself only when that holds the needles. Needles stand in JSON as in the text it holds.

local function text_decision(json)
  if json == '' then return nil end
  local decision = cjson.decode(json)
  local needles, foldings = decision.needles, decision.foldings
  local find, concat, pcall = string.find, table.concat, redis.pcall

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
  local of_requests = layout({ 'method', 'path', 'status_code' }, { user_agent = true })
  local of_others = layout({}, { message = true, data = true })

  -- A text as a whole, whose first piece is known and maybe the second.
  local function whole(id, name, start, second)
    local pieces, names = { start, second }, {}
    for number = #pieces, decision.pieces - 1 do names[#names + 1] = name .. '~' .. number end
    local more = redis.call('HMGET', id, unpack(names))
    for i = 1, #names do
      if not more[i] then break end
      pieces[#pieces + 1] = more[i]
    end
    return concat(pieces)
  end

  local function may_match(text)
    for i = 1, #foldings do
      if find(text, foldings[i], 1, true) then return true end
    end
    local lower = string.lower(text)
    for i = 1, #needles do
      if not find(lower, needles[i], 1, true) then return false end
    end
    return true
  end

  return function(ids)
    local parts, ends, count = {}, {}, 0
    for n = 1, #ids do
      local id = ids[n]
      local way = (find(id, ':req:%d') or find(id, '^req:%d')) and of_requests or of_others
      local values = pcall('HMGET', id, unpack(way.asked))
      if values.err then
        if not find(values.err, '^WRONGTYPE') then return nil, values end
      else
        if way.has_line then
          -- With blanks between, this is the message of a request without one of its own.
          local path = values[2] or '-'
          parts[count + 1] = values[1] or '-'
          parts[count + 2] = #path >= decision.cutFrom and whole(id, 'path', path) or path
          parts[count + 3] = values[3] or ''
          count = count + 3
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
            count = count + 1
            parts[count] = text
          end
        end
      end
      ends[n] = count
    end
    local all = concat(parts, ' ')
    local kept = {}
    if not may_match(all) then return kept, #all end
    for n = 1, #ids do
      local from = n == 1 and 1 or ends[n - 1] + 1
      if ends[n] >= from and may_match(concat(parts, ' ', from, ends[n])) then kept[#kept + 1] = ids[n] end
    end
    return kept, #all
  end
end
