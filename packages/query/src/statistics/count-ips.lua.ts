/** Made of count-ips.lua by scripts/lua.mjs. */
export const COUNT_IPS_LUA = `-- Counts client IPs in the ids of requests, oldest first.
--
-- KEYS  1 the sorted set
-- ARGV  1 lowest and 2 highest score, both included; 3 go on behind this member, or '' to begin
--       4 members to walk at most; 5 length of what stands before each key
-- Reply { walked, last member walked, { ip, count, ip, count, ... } }
--
-- When the member to go on from was trimmed meanwhile, so was all before it: it goes on at the lowest score.

local key = KEYS[1]
local rank = ARGV[3] ~= '' and redis.call('ZRANK', key, ARGV[3])
rank = rank and rank + 1 or redis.call('ZCOUNT', key, '-inf', '(' .. ARGV[1])
local last = math.min(rank + ARGV[4], redis.call('ZCOUNT', key, '-inf', ARGV[2])) - 1
local members = last >= rank and redis.call('ZRANGE', key, rank, last) or {}
local counts, skipped = {}, tonumber(ARGV[5]) + 1
for _, member in ipairs(members) do
  local ip = string.match(member, '^req:%d+:(.+):[^:]+$', skipped)
  if ip then ip = string.gsub(ip, '^~[^:]*:', '') end
  if ip and ip ~= '-' then counts[ip] = (counts[ip] or 0) + 1 end
end
local flat = {}
for ip, count in pairs(counts) do
  flat[#flat + 1] = ip
  flat[#flat + 1] = count
end
return { #members, members[#members] or '', flat }
`;
