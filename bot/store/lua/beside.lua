-- Runs a script and then further commands, in one call: for one server, where every key lies.
-- bot/store/redis_client.py puts the script before this text, as: local function script(KEYS, ARGV) ... end
-- KEYS: the script's. ARGV: how many of the next are the script's, these, and of each command the number of its words and its words.
-- Returns what the script returned and then the commands' answers. Where that is 0 it has not done its work, and none of them runs.
local own, last = {}, 1 + ARGV[1]
for each = 2, last do own[each - 1] = ARGV[each] end

local answers = {script(KEYS, own)}
while answers[1] ~= 0 and last < #ARGV do
  local first = last + 2
  last = last + 1 + ARGV[last + 1]
  answers[#answers + 1] = redis.call(unpack(ARGV, first, last))
end
return answers
