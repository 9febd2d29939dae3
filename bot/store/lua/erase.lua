-- Forgets a person: the sessions go, the replies are emptied. That a message was answered stays known until its
-- time is over, so that a late retry brings nothing back.
-- KEYS: session of today, of yesterday, replies of today, of yesterday.
redis.call('DEL', KEYS[1], KEYS[2])
for i = 3, 4 do
  local kept = redis.call('HGETALL', KEYS[i])
  for j = 1, #kept, 2 do
    redis.call('HSET', KEYS[i], kept[j], string.match(kept[j + 1], '^%d+|'))
  end
end
return 1
