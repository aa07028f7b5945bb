/** Made of read-hashes.lua by scripts/lua.mjs. */
export const READ_HASHES_LUA = `-- To include: \`read_hashes(keys, count, max_bytes)\` reads the first hashes of the keys, \`count\` at most and none behind
-- so many bytes of values, but one at least. Of each it returns what HGETALL replies, an object where the key is of
-- another type. The second result is an error of Redis.

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
`;
