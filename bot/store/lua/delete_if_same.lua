-- Drops a value unless it changed meanwhile. KEYS: name. ARGV: the value that was read.
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
