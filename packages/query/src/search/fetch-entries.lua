-- Reads hashes as one text of JSON. A client reads that in a third of the time as many replies to HGETALL take it.
--
-- KEYS  the hashes
-- ARGV  1 bytes of values after which no further hash is read
-- Reply JSON: for each hash read [name, value, ...], an object where there is none or the key is of another type; fewer
--       than KEYS once the bytes are spent, but one at least

-- @include read-hashes.lua
local hashes, err = read_hashes(KEYS, #KEYS, tonumber(ARGV[1]))
return err or cjson.encode(hashes)
