-- Runs a script and then further commands, in one call: for one server, where every key lies.
-- bot/store/redis_client.py puts the script before this text, as: local function script(KEYS, ARGV) ... end
-- KEYS: the script's, and then the key of each command. ARGV: how many of KEYS and of ARGV are the script's, those of ARGV, and then
-- of each command how many words it has beside its key, and these.
-- Returns what the script returned and then the commands' answers. Where that is 0 it has not done its work, and none of them runs.
local key, last = tonumber(ARGV[1]), 2 + ARGV[2]

local answers = {script({unpack(KEYS, 1, key)}, {unpack(ARGV, 3, last)})}
while answers[1] ~= 0 and last < #ARGV do
  local first = last + 2
  key, last = key + 1, last + 1 + ARGV[last + 1]
  answers[#answers + 1] = redis.call(ARGV[first], KEYS[key], unpack(ARGV, first + 1, last))
end
return answers
