/**
 * The sliding log (sliding-log.ts) as a script that Redis runs, in one round trip. A list holds the accepted instants of
 * a name, the newest at its head, in microseconds of Redis's clock, so that all servers count by one clock.
 */
import { HORIZON_MS } from './sliding-log.ts'

/**
 * KEYS: the list, and the instants until which those who were refused were told to wait. ARGV: 1 to count the request, 0
 * to look; then limit and window of each policy; and, in tests, the time. Returns 1 or 0 for allowed, the time, and of
 * each policy what remains and its reset (of one that refuses, its wait). All times are whole microseconds.
 *
 * A request that is accepted costs little: the time, length, both ends, and one push. What has aged is cut off when the
 * old end has aged; the list's own expiry is renewed by the first request of each minute of the clock, which covers all
 * of that minute. If the clock went back, what lies in the future counts from now on: longer than it should, by less than
 * a window.
 */
export const script = `
local log, promises = KEYS[1], KEYS[2]
local policies = math.floor((#ARGV - 1) / 2)
local horizon = ${HORIZON_MS * 1000}

local now
if #ARGV % 2 == 0 then
  now = tonumber(ARGV[#ARGV])
else
  local time = redis.call('TIME')
  now = time[1] * 1000000 + time[2]
end

local function whole(number) return string.format('%.0f', number) end
local function at(index) return tonumber(redis.call('LINDEX', log, index)) end

-- How many of the first so many are younger than the window.
local function young(window, among)
  local low, high = 0, among
  while low < high do
    local middle = math.floor((low + high) / 2)
    if now - at(middle) < window then low = middle + 1 else high = middle end
  end
  return low
end

local size = redis.call('LLEN', log)
local newest, oldest
if size > 0 then
  newest = at(0)
  if newest > now then
    local ahead = young(0, size)
    redis.call('LTRIM', log, ahead, -1)
    for _ = 1, ahead do redis.call('LPUSH', log, whole(now)) end
    redis.call('DEL', promises)
    redis.call('PEXPIRE', log, ${HORIZON_MS * 2})
    newest = now
  end
  oldest = at(-1)
  local batch = 8
  while oldest and now - oldest >= horizon do
    local tail = redis.call('LRANGE', log, -batch, -1)
    local kept = #tail
    while kept > 0 and now - tail[kept] >= horizon do kept = kept - 1 end
    redis.call('LTRIM', log, 0, kept - #tail - 1)
    size = size - (#tail - kept)
    if kept > 0 then oldest = tonumber(tail[kept]) elseif size > 0 then oldest = at(-1) else oldest = nil end
    if batch < 1024 then batch = batch * 4 end
  end
end

local counts, isAllowed = {}, true
for index = 1, policies do
  local limit, window = tonumber(ARGV[2 * index]), tonumber(ARGV[2 * index + 1])
  if size >= limit and (window == horizon or now - at(limit - 1) < window) then
    isAllowed = false
  elseif window == horizon then
    counts[index] = size
  else
    counts[index] = young(window, math.min(size, limit - 1))
  end
end

local isCounted = isAllowed and ARGV[1] == '1'
local before, longest, limitOfLongest = 0, 0, 0
if not isAllowed then
  redis.call('ZREMRANGEBYSCORE', promises, '-inf', whole(now))
  before = redis.call('ZCARD', promises)
end

local reply = { isAllowed and 1 or 0, now }
for index = 1, policies do
  local limit, window = tonumber(ARGV[2 * index]), tonumber(ARGV[2 * index + 1])
  local count = counts[index]
  local remaining, reset
  if count == nil then
    remaining = 0
    reset = at(math.max(1, limit - before) - 1) + window - now
    if reset > longest then longest, limitOfLongest = reset, limit end
  else
    remaining = limit - count - (isCounted and 1 or 0)
    if count == 0 then
      reset = window
    else
      reset = (window == horizon and oldest or at(count - 1)) + window - now
    end
  end
  reply[2 * index + 1] = remaining
  reply[2 * index + 2] = reset
end

if isCounted then
  redis.call('LPUSH', log, whole(now))
  if not newest or math.floor(newest / horizon) < math.floor(now / horizon) then
    redis.call('PEXPIRE', log, ${HORIZON_MS * 2})
  end
elseif not isAllowed and ARGV[1] == '1' and before < limitOfLongest then
  local due = now + math.ceil(longest / 1000000) * 1000000
  redis.call('ZADD', promises, whole(due), whole(now) .. ' ' .. before)
  redis.call('PEXPIRE', promises, ${HORIZON_MS * 2})
end
return reply
`
