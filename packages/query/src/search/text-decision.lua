-- To include: text_decision(json), a function that drops the ids of hashes which cannot match, so that their entries
-- need not be fetched; nil for an empty text. The JSON is a TextDecision, of text-decision.ts.
--
-- The function takes ids and replies those to keep, in order, and the bytes of text it has read; or nil and an error of
-- Redis. It reads the fields alone, a text in pieces as a whole, and searches a text once, as many entries have the same
-- one. Needles stand in JSON as in the text it holds.

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
