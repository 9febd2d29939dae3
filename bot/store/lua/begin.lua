-- Begins a turn: the stored reply, or the lock and the session, or a place in the queue.
-- KEYS: lock, fence, queue, seen, and of today and of yesterday each: session, replies, the id of the open escalation,
--       those of all escalations that are not erased.
-- ARGV: token, now (ms), sid under today's key, under yesterday's, oldest reply that still counts (ms),
--       life of the lock (ms), silence after which a waiter counts as dead (ms), life of what is stored (ms),
--       then the tokens of those whose process is known to have died, with the lock or in the queue.
-- Stored values are "<ms>|<data>"; an erased reply has no data. A message whose turn has begun stands beside the replies
-- as the number of the turn alone, so that an erasing meanwhile can stop it. 'buttons:<sid>' beside a reply says that it went
-- out as buttons. With a turn come its number, the session, the ids that the last four of KEYS hold, and how many messages were
-- answered today, this one among them.
local lock, fence, queue, seen = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local token, now = ARGV[1], tonumber(ARGV[2])
local lock_life, patience = tonumber(ARGV[6]), tonumber(ARGV[7])

local dead = {}
for each = 9, #ARGV do dead[ARGV[each]] = true end

local function leave(waiter)
  redis.call('ZREM', queue, waiter)
  redis.call('HDEL', seen, waiter)
end

for day = 1, 2 do
  local kept = redis.call('HGET', KEYS[6 + day], ARGV[2 + day])
  if kept and string.find(kept, '|', 1, true) and tonumber(string.match(kept, '^%d+')) > tonumber(ARGV[5]) then
    leave(token)
    -- An earlier try of this very begin may have taken the lock, its answer lost or made under a day key that is gone.
    if redis.call('HGET', lock, 'token') == token then redis.call('DEL', lock) end
    return {'reply', kept, redis.call('HGET', KEYS[6 + day], 'buttons:' .. ARGV[2 + day]) or ''}
  end
end

-- Whether a waiter is alive is asked by Redis's own clock, the only one that all hosts share.
local function heard()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local first = redis.call('ZRANGE', queue, 0, 0)[1]
while first and first ~= token do
  local last_heard = tonumber(redis.call('HGET', seen, first) or 0)
  if not dead[first] and heard() - last_heard < patience then break end
  leave(first)
  first = redis.call('ZRANGE', queue, 0, 0)[1]
end

local holder = redis.call('HMGET', lock, 'token', 'until')
local held = holder[1] and holder[1] ~= token and not dead[holder[1]] and tonumber(holder[2]) > now
if held or (first and first ~= token) then
  if not redis.call('ZSCORE', queue, token) then
    local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2] or 0
    redis.call('ZADD', queue, last + 1, token)
  end
  redis.call('HSET', seen, token, string.format('%.0f', heard()))
  redis.call('PEXPIRE', queue, patience * 10)
  redis.call('PEXPIRE', seen, patience * 10)
  return {'wait', held and holder[1] or '', first and first ~= token and first or ''}
end

-- Where nobody waits this one does not either.
if first then leave(token) end
redis.call('HSET', lock, 'token', token, 'until', string.format('%.0f', now + lock_life))
redis.call('PEXPIRE', lock, lock_life * 2)
-- Never below the clock, so that a Redis that came back empty does not give out an old number again.
local number = string.format('%.0f', math.max(tonumber(redis.call('GET', fence) or 0) + 1, now))
redis.call('SET', fence, number, 'PX', lock_life * 2)
redis.call('HSET', KEYS[7], ARGV[3], number)
redis.call('PEXPIRE', KEYS[7], ARGV[8])

-- Where both are there, yesterday's is the newer one, left by a host whose clock is behind: each begin moves it away.
if redis.call('EXISTS', KEYS[6]) == 1 then
  redis.call('RENAME', KEYS[6], KEYS[5])
end
local kept = redis.call('MGET', KEYS[5], KEYS[9], KEYS[10])
return {'turn', number, kept[1], kept[2], kept[3], redis.call('SUNION', KEYS[11], KEYS[12]), redis.call('HLEN', KEYS[7])}
