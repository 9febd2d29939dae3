-- Drops a value "<ms>|<data>", or those fields of a hash of such values, whose time is over. KEYS: name.
-- ARGV: the newest stamp that is over (ms). What has no stamp is of no use to anybody and goes too.
local function over(value)
  return (tonumber(string.match(value, '^%d+')) or 0) <= tonumber(ARGV[1])
end

if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then
  local kept = redis.call('GET', KEYS[1])
  return kept and over(kept) and redis.call('DEL', KEYS[1]) or 0
end
local gone = 0
local kept = redis.call('HGETALL', KEYS[1])
for i = 1, #kept, 2 do
  if over(kept[i + 1]) then
    gone = gone + redis.call('HDEL', KEYS[1], kept[i])
  end
end
return gone
