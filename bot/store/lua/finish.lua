-- Ends a turn: keeps session and reply and frees the lock, or returns 0 when a later turn has begun or the person was
-- erased meanwhile.
-- KEYS: lock, fence, session, replies. ARGV: fence, session ('' deletes it), sid, reply, life (ms).
if redis.call('GET', KEYS[2]) ~= ARGV[1] then
  return 0
end
if string.match(redis.call('HGET', KEYS[4], ARGV[3]) or '', '^%d+|$') then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[3])
else
  redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[5])
end
redis.call('HSET', KEYS[4], ARGV[3], ARGV[4])
redis.call('PEXPIRE', KEYS[4], ARGV[5])
-- Nobody has begun since, so the lock is this turn's own, or gone.
redis.call('DEL', KEYS[1])
return 1
