/** Made of new-keys.lua by scripts/lua.mjs. */
export const NEW_KEYS_LUA = `-- To include: finds which of the \`n\` keys in \`undue\` are not there, and enters them with their class into \`due\`, so that a
-- new key gets its expiry although its writer believes that it has one.

-- Of the keys that are new, the class of each: it is looked for again, because hardly ever one is.
local function setDue(isNew)
  for i, e in ipairs(entries) do
    local made = shapes[shaped[i]][2]
    for k = 1, #made, 3 do
      local key = made[k + 1] .. e[HEAD + made[k]]
      if isNew[key] then due[key] = made[k + 2] end
    end
  end
  local function set(key, code)
    if isNew[key] then due[key] = (code - code % 2) / 2 end
  end
  local place = 1
  while place < size do
    set(indexes[place], indexes[place + 1])
    place = place + 3 + indexes[place + 2]
  end
  for _, c in ipairs(counters) do set(c[2], c[3]) end
  for _, v in ipairs(visitors) do set(v[1], v[2]) end
end
local isNew = {}
for from = 1, n, BLOCK do
  local to = math.min(from + BLOCK - 1, n)
  if redis.pcall('EXISTS', unpack(undue, from, to)) ~= to - from + 1 then
    for i = from, to do
      if redis.pcall('EXISTS', undue[i]) ~= 1 then isNew[undue[i]] = true end
    end
  end
end
if next(isNew) then setDue(isNew) end
`;
