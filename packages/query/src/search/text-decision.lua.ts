/** Made of text-decision.lua by scripts/lua.mjs. */
export const TEXT_DECISION_LUA = `-- Lua's \`text_decision(json)\`: a function that drops the ids of hashes which cannot match, so that their entries need not
-- be fetched; \`nil\` for an empty text. The JSON is a TextDecision.
--
-- The function takes ids and returns those to keep, in order, and the bytes of text it has read; or nil and an error of
-- Redis. It reads the fields alone, a text in pieces as a whole. All texts of the ids are searched as one, and each by
-- itself only when that holds the needles. A hash whose JSON has escapes other than line ends is kept.

local function text_decision(json)
  if json == '' then return nil end
  local decision = cjson.decode(json)
  local fields, needles, foldings = decision.fields, decision.needles, decision.foldings
  local backslash = string.char(92)
  local asked, is_json = { 'method', 'path', 'status_code', 'path~1' }, {}
  local first = #asked
  for i, field in ipairs(fields) do
    asked[first + 2 * i - 1] = field
    asked[first + 2 * i] = field .. '~1'
    is_json[i] = field == 'error' or field == 'data'
  end

  local function whole(id, field, start, second)
    if not second then return start end
    local pieces, names = { start, second }, {}
    for number = 2, decision.pieces - 1 do names[number - 1] = field .. '~' .. number end
    local more = redis.call('HMGET', id, unpack(names))
    for i = 1, #names do
      if not more[i] then break end
      pieces[i + 2] = more[i]
    end
    return table.concat(pieces)
  end

  local function may_match(text)
    for i = 1, #foldings do
      if string.find(text, foldings[i], 1, true) then return true end
    end
    local lower = string.lower(text)
    for i = 1, #needles do
      if not string.find(lower, needles[i], 1, true) then return false end
    end
    return true
  end

  return function(ids)
    local parts, ends, is_open, count, has_open = {}, {}, {}, 0, false
    for n = 1, #ids do
      local id = ids[n]
      local values = redis.pcall('HMGET', id, unpack(asked))
      if values.err then
        if not string.find(values.err, '^WRONGTYPE') then return nil, values end
      else
        -- In this order and with blanks between, they are also the message of a request without one of its own.
        parts[count + 1] = values[1] or '-'
        parts[count + 2] = values[2] and whole(id, 'path', values[2], values[4]) or '-'
        parts[count + 3] = values[3] or ''
        count = count + 3
        for i = 1, #fields do
          local text = values[first + 2 * i - 1]
          if text then
            text = whole(id, fields[i], text, values[first + 2 * i])
            if is_json[i] and string.find(text, backslash, 1, true) then
              if string.find(text, backslash .. '[^n]') then
                is_open[n], has_open = true, true
              else
                text = string.gsub(text, backslash .. 'n', ' ')
              end
            end
            count = count + 1
            parts[count] = text
          end
        end
      end
      ends[n] = count
    end
    local all = table.concat(parts, ' ')
    local kept = {}
    local is_in_any = may_match(all)
    if not is_in_any and not has_open then return kept, #all end
    for n = 1, #ids do
      local from = n == 1 and 1 or ends[n - 1] + 1
      if is_open[n] or (is_in_any and ends[n] >= from and may_match(table.concat(parts, ' ', from, ends[n]))) then
        kept[#kept + 1] = ids[n]
      end
    end
    return kept, #all
  end
end
`;
