-- Takes amounts off the fields of a hash of counts and drops the fields that come to nothing.
-- KEYS: hash. ARGV: field, amount, field, amount ...
for i = 1, #ARGV, 2 do
  if redis.call('HINCRBY', KEYS[1], ARGV[i], -ARGV[i + 1]) == 0 then
    redis.call('HDEL', KEYS[1], ARGV[i])
  end
end
return 1
