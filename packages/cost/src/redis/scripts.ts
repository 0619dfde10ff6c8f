import { freeingLua, ledgerLua, postingLua, settlingLua } from './ledger-lua.ts'
import { script, type Script } from './script.ts'

const alive = `if read({}) ~= epoch or not late(0) then return { 'lost' } end`

/** Told whether what is left after a loss is to be taken for the whole; answers the epoch and the time. */
export const beginScript: Script = script(
  ledgerLua,
  `local e = read({})
if not e or not late(0) then
  local isNew = redis.call('EXISTS', unpack(KEYS)) == 0
  if not isNew and not told then return { 'lost' } end
  e = time[1] .. '.' .. time[2]
  redis.call('HSET', ledger, 'epoch', e)
  redis.call('ZADD', due, '-inf', 'epoch')
  -- Reservations, whose names alone begin with a quote, know their deadlines: what is left of them must end.
  for _, field in ipairs(redis.call('HKEYS', ledger)) do
    if string.sub(field, 1, 1) == '"' then
      local r = unpacked(reservation, redis.call('HGET', ledger, field))
      redis.call('ZADD', due, digits(r[3]), field)
    end
  end
end
return { e, now }`,
)

/**
 * day_ends day week month amount least lease agent session row_without_session names hard soft. Of each limit three in a row:
 * its account (or the place of that among the names), the column of the account that its window has, and the amount.
 */
export const reserveScript: Script = script(
  ledgerLua,
  `local day_ends, day, week_of, month, amount, least, lease, agent, session, row, names, hard, soft = unpack(told)
local ending = late(100)
if read(names) ~= epoch or not ending then return { 'lost' } end
if now >= day_ends then return { 'clock', now } end
if #ending > 0 then`,
  freeingLua,
  postingLua,
  `sweep(ending)
  save()
  read(names)
end
if mine then return { 'granted', now, unpacked(reservation, mine)[2] } end
local called = { [3] = 'total', [13] = day, [14] = week_of, [15] = month }
local function posted(a, column)
  if column == 3 or day <= a[10] or a[column - 3] == called[column] then return a[column] end
  return 0
end
local granted, refused, reason = amount, false, false
local severity = { in_flight = 1, exhausted = 2, too_large = 3 }
for i = 1, amount > 0 and #hard or 0, 3 do
  local a, most = find(names[hard[i]] or hard[i]), hard[i + 2]
  local used = a and posted(a, hard[i + 1]) or 0
  local room = most - used - (a and a[2] or 0)
  if room < granted then granted = room end
  if room < least then
    local why = least > most and 'too_large' or used + least > most and 'exhausted' or 'in_flight'
    if not refused or severity[why] > severity[reason] then refused, reason = (i - 1) / 3, why end
  end
end
if refused then return { 'refused', now, refused, reason } end
local number = 0
for _, name in ipairs(names) do
  local a = open(name, day, week_of, month, agent)
  add(name, a, 2, granted)
  if session ~= '' and name == 's' .. session then number = a[1] end
end
local answer = { 'granted', now, granted }
for i = 1, #soft, 3 do
  local name, column = names[soft[i]] or soft[i], soft[i + 1]
  local a = find(name)
  local used = a and posted(a, column)
  if a and used >= soft[i + 2] then
    answer[#answer + 1] = (i - 1) / 3
    answer[#answer + 1] = used
    answer[#answer + 1] = a[16] == called[column] and 0 or 1
    a[16] = called[column]
    changed[name] = a
  end
end
if over and over ~= 'recorded' then
  redis.call('HDEL', ledger, 'e' .. id)
  redis.call('ZREM', ends, id)
end
local deadline = math.ceil(now + lease)
redis.call('ZADD', due, digits(deadline), id)
local list = { 'reserved', granted, deadline, day, week_of, month, number, session, row, table.concat(names, '\\n') }
save(id, pack(reservation, list))
return answer`,
)

export const dispatchScript: Script = script(
  ledgerLua,
  alive,
  `if not mine then return { 0 } end
local r = unpacked(reservation, mine)
r[1] = 'dispatched'
save(id, pack(reservation, r))
return { 1 }`,
)

export const voidScript: Script = script(
  ledgerLua,
  alive,
  freeingLua,
  `local r = mine and unpacked(reservation, mine)
if not r or r[1] ~= 'reserved' then return { 0 } end
drop(id)
read(names_of(r))
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
if over == 'settled' or over == 'recorded' then return { 0, now } end
local day, week_of, month = to_day, to_week, to_month
local live = block ~= '' and redis.call('HGET', ledger, block)
local text = live or block ~= '' and redis.call('HGET', ledger, 'e' .. block)
local r = text and text ~= 'settled' and text ~= 'recorded' and unpacked(reservation, text)
if r and (live or r[1] == 'charged') then
  local drawn = math.min(r[2], amount)
  if live then free(r, drawn)
  else
    post(r, 0, { -drawn, 0, 0, 0, 0, 0, 32 })
    day, week_of, month = r[4], r[5], r[6]
  end
  r[2] = r[2] - drawn
  redis.call('HSET', ledger, live and block or 'e' .. block, pack(reservation, r))
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
  `if read(told) ~= epoch or not late(0) then return { 'lost' } end
local answer = { now }
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
  answer[i] = text and unpacked(sums, text)
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
post_row(told[1], told[3], unpacked(sums, text))
return { 1 }`,
)
