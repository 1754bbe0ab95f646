/**
 * The sliding log (sliding-log.ts) as a script that Redis runs, for all requests of a moment in one round trip. A list
 * holds the accepted instants of a name, the newest at its head, in microseconds of Redis's clock, so that all servers
 * count by one clock.
 */
import { HORIZON_MS } from './sliding-log.ts'

/**
 * KEYS: a list for each request. ARGV: 1 if the time is simulated, else 0; then for each request how many policies it has,
 * negative to look without counting, the limit and window of each, and the simulated time. Returns for each request 1 or
 * 0 for allowed, the time, and of each policy what remains and its reset (of one that refuses, its wait). All times are
 * whole microseconds.
 *
 * A request that is accepted costs little: length, both ends, and one push. What has aged is cut off when the old end has
 * aged; the list's own expiry is renewed by the first request of each minute of the clock, which covers all of that
 * minute. If the clock went back, what lies in the future counts from now on: longer than it should, by less than a window.
 * Until when those who were refused were told to wait lies beside the list.
 */
export const script = `
local call, floor = redis.call, math.floor
local horizon = ${HORIZON_MS * 1000}
local isSimulated = ARGV[1] == '1'
local now, stamp
if not isSimulated then
  local time = call('TIME')
  now = time[1] * 1000000 + time[2]
  stamp = string.format('%.0f', now)
end

local function at(log, index) return tonumber(call('LINDEX', log, index)) end

-- How many of the first so many are younger than the window.
local function young(log, window, among)
  local low, high = 0, among
  while low < high do
    local middle = floor((low + high) / 2)
    if now - at(log, middle) < window then low = middle + 1 else high = middle end
  end
  return low
end

local function bringBack(log, size)
  local ahead = young(log, 0, size)
  call('LTRIM', log, ahead, -1)
  for _ = 1, ahead do call('LPUSH', log, stamp) end
  call('DEL', log .. ':promises')
  call('PEXPIRE', log, ${HORIZON_MS * 2})
end

-- Returns what is left: how many, and the oldest.
local function cutOff(log, size)
  local batch = 8
  while size > 0 do
    local tail = call('LRANGE', log, -batch, -1)
    local kept = #tail
    while kept > 0 and now - tail[kept] >= horizon do kept = kept - 1 end
    if kept < #tail then
      call('LTRIM', log, 0, kept - #tail - 1)
      size = size - (#tail - kept)
    end
    if kept > 0 then return size, tonumber(tail[kept]) end
    if batch < 1024 then batch = batch * 4 end
  end
  return 0, nil
end

local function promise(log, before, wait)
  local due = now + math.ceil(wait / 1000000) * 1000000
  call('ZADD', log .. ':promises', string.format('%.0f', due), stamp .. ' ' .. before)
  call('PEXPIRE', log .. ':promises', ${HORIZON_MS * 2})
end

local reply, said, read = {}, 0, 1
for request = 1, #KEYS do
  local log = KEYS[request]
  local policies = tonumber(ARGV[read + 1])
  local isCounted = policies > 0
  if not isCounted then policies = -policies end
  local first, last = read + 2, read + 2 * policies
  read = last + 1
  if isSimulated then
    read = read + 1
    stamp = ARGV[read]
    now = tonumber(stamp)
  end

  local size = call('LLEN', log)
  local newest, oldest
  if size > 0 then
    newest = at(log, 0)
    if newest > now then
      bringBack(log, size)
      newest = now
    end
    oldest = size == 1 and newest or at(log, -1)
    if now - oldest >= horizon then size, oldest = cutOff(log, size) end
  end

  local isAllowed = true
  for index = first, last, 2 do
    local limit, window = tonumber(ARGV[index]), tonumber(ARGV[index + 1])
    if size >= limit and (window == horizon or now - at(log, limit - 1) < window) then isAllowed = false end
  end

  local before, longest, limitOfLongest = 0, 0, 0
  if not isAllowed then
    call('ZREMRANGEBYSCORE', log .. ':promises', '-inf', stamp)
    before = call('ZCARD', log .. ':promises')
  end
  reply[said + 1], reply[said + 2] = isAllowed and 1 or 0, now
  said = said + 2
  for index = first, last, 2 do
    local limit, window = tonumber(ARGV[index]), tonumber(ARGV[index + 1])
    local remaining, reset
    if not isAllowed and size >= limit and (window == horizon or now - at(log, limit - 1) < window) then
      remaining, reset = 0, at(log, math.max(1, limit - before) - 1) + window - now
      if reset > longest then longest, limitOfLongest = reset, limit end
    else
      local count = window == horizon and size or young(log, window, math.min(size, limit - 1))
      remaining, reset = limit - count, window
      if isAllowed and isCounted then remaining = remaining - 1 end
      if count > 0 then reset = (window == horizon and oldest or at(log, count - 1)) + window - now end
    end
    reply[said + 1], reply[said + 2] = remaining, reset
    said = said + 2
  end

  if isCounted and isAllowed then
    call('LPUSH', log, stamp)
    if not newest or floor(newest / horizon) < floor(now / horizon) then call('PEXPIRE', log, ${HORIZON_MS * 2}) end
  elseif isCounted and before < limitOfLongest then
    promise(log, before, longest)
  end
end
return reply
`
