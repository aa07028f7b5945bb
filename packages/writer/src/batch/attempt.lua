-- To include: `attempt(go, failed, isBeforeNumber)` runs steps of a script past what fails in them.

local find = string.find

-- Whether an error is about one key or one argument. Others refuse a command, or all writes, whatever the key.
local function isAboutOne(err)
  if find(err, '^WRONGTYPE') or find(err, 'access', 1, true) then return true end
  if not find(err, '^ERR ') then return false end
  local isOfCommand = find(err, "can't run", 1, true) or find(err, 'permissions to run', 1, true)
  return not isOfCommand and not find(err, 'nknown', 1, true)
end

-- Runs `go`, which goes on behind what failed when it is called again. Before the number is recorded an error that is
-- not about one key or argument ends it, and is returned.
local function attempt(go, failed, isBeforeNumber)
  repeat
    local ok, err = pcall(go)
    if not ok then
      err = type(err) == 'table' and err.err or tostring(err)
      if isBeforeNumber and not isAboutOne(err) then return err end
      failed(err)
    end
  until ok
end
