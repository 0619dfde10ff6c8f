import { freeingLua, ledgerLua, postingLua, settlingLua } from './ledger-lua.ts'
import { script, type Script } from './script.ts'

const alive = `if redis.call('HGET', ledger, 'epoch') ~= epoch or not is_whole(epoch) then return { 'lost' } end`

/** Told whether what is left after a loss is to be taken for the whole; answers the epoch and the time. */
export const beginScript: Script = script(
  ledgerLua,
  `local e = redis.call('HGET', ledger, 'epoch')
if not e or not is_whole(e) then
  local isNew = redis.call('EXISTS', ledger, held, due, ended) == 0
  if not isNew and not told then return { 'lost' } end
  e = time[1] .. '.' .. time[2]
  redis.call('HSET', ledger, 'epoch', e)
  redis.call('HSET', held, 'epoch', e)
  redis.call('HSET', ended, 'epoch', e)
  redis.call('ZADD', due, '+inf', 'epoch')
end
return { e, now }`,
)

/**
 * day_ends day week month amount least lease agent session row_without_session limits accounts. A limit: account (or its
 * place among the accounts) window hard soft.
 */
export const reserveScript: Script = script(
  ledgerLua,
  `local day_ends, day, week_of, month, amount, least, lease, agent, session, row, limits, names = unpack(told)
if load(names) ~= epoch or not is_whole(epoch) then return { 'lost' } end
if now >= day_ends then return { 'clock', now } end
local ending = late(100)
if #ending > 0 then`,
  freeingLua,
  postingLua,
  `sweep(ending)
  save()
  mine, over = redis.call('HMGET', held, 'epoch', id), redis.call('HMGET', ended, 'epoch', id)
end
if mine[2] then return { 'granted', now, unpacked(mine[2])[2] } end
local column = { total = 3, day = 13, week = 14, month = 15 }
local part = { day = 10, week = 11, month = 12 }
local called = { day = day, week = week_of, month = month, total = 'total' }
local function posted(a, window)
  if window == 'total' or day <= a[10] or a[part[window]] == called[window] then return a[column[window]] end
  return 0
end
for _, limit in ipairs(limits) do limit[1] = names[limit[1]] or limit[1] end
local granted, refused = amount, false
local severity = { in_flight = 1, exhausted = 2, too_large = 3 }
for i, limit in ipairs(limits) do
  local hard = limit[3]
  if hard and amount > 0 then
    local a = find(limit[1])
    local used = a and posted(a, limit[2]) or 0
    local room = hard - used - (a and a[2] or 0)
    if room < granted then granted = room end
    if room < least then
      local reason = least > hard and 'too_large' or used + least > hard and 'exhausted' or 'in_flight'
      if not refused or severity[reason] > severity[refused[2]] then refused = { i, reason } end
    end
  end
end
if refused then return { 'refused', now, refused[1], refused[2] } end
local number = 0
for _, name in ipairs(names) do
  local a = open(name, day, week_of, month, agent)
  add(name, a, 2, granted)
  if session ~= '' and name == 's' .. session then number = a[1] end
end
local deadline = math.ceil(now + lease)
redis.call('HSET', held, id, pack({ 'reserved', granted, deadline, day, week_of, month, number, session, row, names }))
redis.call('ZADD', due, deadline, id)
if over[2] and over[2] ~= 'recorded' then
  redis.call('HDEL', ended, id)
  redis.call('ZREM', ends, id)
end
local answer = { 'granted', now, granted }
for i, limit in ipairs(limits) do
  local soft, a = limit[4], find(limit[1])
  if soft and a then
    local used = posted(a, limit[2])
    if used >= soft then
      answer[#answer + 1] = i
      answer[#answer + 1] = used
      answer[#answer + 1] = a[16] == called[limit[2]] and 0 or 1
      a[16] = called[limit[2]]
      changed[limit[1]] = a
    end
  end
end
save()
return answer`,
)

export const dispatchScript: Script = script(
  ledgerLua,
  alive,
  `if not mine[2] then return { 0 } end
local r = unpacked(mine[2])
r[1] = 'dispatched'
redis.call('HSET', held, id, pack(r))
return { 1 }`,
)

export const voidScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  `local r = mine[2] and unpacked(mine[2])
if not r or r[1] ~= 'reserved' then return { 0 } end
drop(id)
load(r[10])
free(r, r[2])
save()
return { 1 }`,
)

/** Told seven figures. */
export const settleScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  postingLua,
  settlingLua,
  `local known = settle(told)
save()
return { known }`,
)

/** figures day_ends day week month agent row block amount accounts; an empty id is none, and an empty block. */
export const recordScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  postingLua,
  settlingLua,
  `local figures, day_ends, to_day, to_week, to_month, agent, row, block, amount, names = unpack(told)
if now >= day_ends then return { 'clock', now } end
if over[2] == 'settled' or over[2] == 'recorded' then return { 0, now } end
local day, week_of, month = to_day, to_week, to_month
local live = block ~= '' and redis.call('HGET', held, block)
local text = live or block ~= '' and redis.call('HGET', ended, block)
local r = text and text ~= 'settled' and text ~= 'recorded' and unpacked(text)
if r and (live or r[1] == 'charged') then
  local drawn = math.min(r[2], amount)
  if live then free(r, drawn)
  else
    post(r, 0, { -drawn, 0, 0, 0, 0, 0, 32 })
    day, week_of, month = r[4], r[5], r[6]
  end
  r[2] = r[2] - drawn
  redis.call('HSET', live and held or ended, block, pack(r))
end
if settle(figures) == 0 then
  for _, name in ipairs(names) do
    post_to(name, open(name, to_day, to_week, to_month, agent), 0, figures, day, week_of, month)
  end
  post_row(day, row, figures)
  if id ~= '' then remember(id, 'recorded', week / 7) end
end
save()
return { 1, now }`,
)

/** Told how many at most. */
export const sweepScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  postingLua,
  `local ending = late(told)
sweep(ending)
save()
return { #ending }`,
)

/** Told the names of accounts. */
export const readScript: Script = script(
  ledgerLua,
  alive,
  `local answer = { now }
for i, name in ipairs(told) do answer[i + 1] = find(name) end
return answer`,
)

/** Told the fields of rows. */
export const billScript: Script = script(
  ledgerLua,
  alive,
  `local answer = {}
for i, field in ipairs(told) do
  local text = redis.call('HGET', bill, field)
  answer[i] = text and unpacked(text)
end
return answer`,
)

/** Told the name of a session. */
export const forgetScript: Script = script(
  ledgerLua,
  alive,
  `local a = find(told)
if not a then return { 0 } end
redis.call('HDEL', ledger, told)
redis.call('ZREM', sessions, told)
local ofAgent = a[18] ~= '' and find('a' .. a[18])
if ofAgent then add('a' .. a[18], ofAgent, 17, -1) end
save()
return { 1 }`,
)

/** day row coarser_row */
export const foldScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  postingLua,
  `local field = told[1] .. told[2]
local text = redis.call('HGET', bill, field)
if not text then return { 0 } end
redis.call('HDEL', bill, field)
redis.call('ZREM', rows, field)
post_row(told[1], told[3], unpacked(text))
return { 1 }`,
)
