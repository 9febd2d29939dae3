-- Drops a field of a hash unless it changed meanwhile. KEYS: hash. ARGV: field, the value that was read.
if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then
  return redis.call('HDEL', KEYS[1], ARGV[1])
end
return 0
