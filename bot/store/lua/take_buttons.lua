-- A reply that went out as buttons and did not arrive: its text, once, if the person has not written since.
-- KEYS: replies of today, of yesterday. ARGV: sid under today's key, under yesterday's.
for day = 1, 2 do
  local mark = redis.call('HGET', KEYS[day], 'buttons:' .. ARGV[day])
  if mark and string.match(mark, '^%d+|.') then
    redis.call('HSET', KEYS[day], 'buttons:' .. ARGV[day], string.match(mark, '^%d+') .. '|')
    local reply = redis.call('HGET', KEYS[day], ARGV[day]) or ''
    local stamp = tonumber(string.match(reply, '^(%d+)|.'))
    if not stamp then return false end
    for other = 1, 2 do
      local kept = redis.call('HGETALL', KEYS[other])
      for i = 1, #kept, 2 do
        local written = string.sub(kept[i], 1, 8) ~= 'buttons:' and tonumber(string.match(kept[i + 1], '^%d+'))
        if written and written > stamp then return false end
      end
    end
    return reply
  end
end
return false
