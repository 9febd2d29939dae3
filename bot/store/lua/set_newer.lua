-- Keeps the newer of two values. KEYS: name. ARGV: "<ms>|<data>", life (ms). Returns 1 when the new one was kept.
local held = redis.call('GET', KEYS[1])
if held and tonumber(string.match(held, '^%d+')) > tonumber(string.match(ARGV[1], '^%d+')) then
  return 0
end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
