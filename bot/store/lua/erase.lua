-- Forgets a person: the sessions go, the replies are emptied. That a message came stays known until its time is over, so
-- that a late retry brings nothing back; one that is still being answered loses its turn by that (finish.lua).
-- KEYS: fence, session of today, of yesterday, replies of today, of yesterday.
-- ARGV: up to which moment (ms); '' in the turn of the message that asks for it: everything but that turn.
local moment = tonumber(ARGV[1])
local asking = not moment and redis.call('GET', KEYS[1])

local function goes(kept)
  return not moment or tonumber(string.match(kept, '^%d+')) <= moment
end

for i = 2, 3 do
  local kept = redis.call('GET', KEYS[i])
  if kept and goes(kept) then redis.call('DEL', KEYS[i]) end
end
for i = 4, 5 do
  local kept = redis.call('HGETALL', KEYS[i])
  for j = 1, #kept, 2 do
    if kept[j + 1] ~= asking and goes(kept[j + 1]) then
      redis.call('HSET', KEYS[i], kept[j], string.match(kept[j + 1], '^%d+') .. '|')
    end
  end
end
return 1
