import { ledgerLua } from './ledger-lua.ts'
import { script, type Script } from './script.ts'

const alive = `if epoch() ~= ARGV[1] then return { 'lost' } end`
const figures = `local figures = {}
for i = 1, 7 do figures[i] = tonumber(ARGV[i + 2]) end`
/** Answers the epoch and the time. With '1', what is left after a loss is taken for the whole. */
export const beginScript: Script = script(
  ledgerLua,
  `local e = epoch()
if not e then
  local isNew = redis.call('EXISTS', ledger, held, due, ended) == 0
  if not isNew and ARGV[1] ~= '1' then return { 'lost' } end
  e = time[1] .. '.' .. time[2]
  redis.call('HSET', ledger, 'epoch', e)
  redis.call('HSET', held, 'epoch', e)
  redis.call('HSET', ended, 'epoch', e)
  redis.call('ZADD', due, '+inf', 'epoch')
end
return { e, int(now) }`,
)

/**
 * epoch id day_ends day week month amount least lease agent session row row_without_session limits
 * {name window hard soft}... accounts...
 */
export const reserveScript: Script = script(
  ledgerLua,
  alive,
  `local id, calendar = ARGV[2], { day = ARGV[4], week = ARGV[5], month = ARGV[6] }
if now >= tonumber(ARGV[3]) then return { 'clock', int(now) } end
if sweep(100) > 0 then save() end
local known = redis.call('HGET', held, id)
if known then return { 'granted', int(now), words(known)[2] } end
local amount, least, granted = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[7])
local severity, refused = { in_flight = 1, exhausted = 2, too_large = 3 }, false
local count = tonumber(ARGV[14])
for i = 1, count do
  local at = 11 + i * 4
  local hard = tonumber(ARGV[at + 2])
  if hard and amount > 0 then
    local a = find(ARGV[at])
    local used = a and posted(a, ARGV[at + 1], calendar) or 0
    local room = hard - used - (a and tonumber(a[2]) or 0)
    if room < granted then granted = room end
    if room < least then
      local reason = least > hard and 'too_large' or used + least > hard and 'exhausted' or 'in_flight'
      if not refused or severity[reason] > severity[refused[2]] then refused = { i, reason } end
    end
  end
end
if refused then return { 'refused', int(now), int(refused[1]), refused[2] } end
local r = { 'reserved', int(granted), int(now + tonumber(ARGV[9])), calendar.day, calendar.week, calendar.month, 0, ARGV[12], ARGV[13] }
for i = 15 + count * 4, #ARGV do
  local name = ARGV[i]
  local a = open(name, calendar.day, calendar.week, calendar.month, ARGV[10])
  add(name, a, 2, granted)
  if name == ARGV[11] then r[7] = int(a[1]) end
  r[#r + 1] = name
end
redis.call('HSET', held, id, table.concat(r, ' '))
redis.call('ZADD', due, r[3], id)
if redis.call('HGET', ended, id) ~= 'recorded' then
  redis.call('HDEL', ended, id)
  redis.call('ZREM', ends, id)
end
local answer = { 'granted', int(now), int(granted) }
for i = 1, count do
  local at = 11 + i * 4
  local soft, a = tonumber(ARGV[at + 3]), find(ARGV[at])
  if soft and a then
    local used, window = posted(a, ARGV[at + 1], calendar), calendar[ARGV[at + 1]] or 'total'
    if used >= soft then
      answer[#answer + 1] = int(i)
      answer[#answer + 1] = int(used)
      answer[#answer + 1] = a[16] == window and '0' or '1'
      a[16] = window
      changed[ARGV[at]] = a
    end
  end
end
save()
return answer`,
)

/** epoch id */
export const dispatchScript: Script = script(
  ledgerLua,
  alive,
  `local text = redis.call('HGET', held, ARGV[2])
if not text then return { '0' } end
redis.call('HSET', held, ARGV[2], (string.gsub(text, '^%S+', 'dispatched')))
return { '1' }`,
)

/** epoch id */
export const voidScript: Script = script(
  ledgerLua,
  alive,
  `local text = redis.call('HGET', held, ARGV[2])
local r = text and words(text)
if not r or r[1] ~= 'reserved' then return { '0' } end
drop(ARGV[2])
free(r, tonumber(r[2]))
save()
return { '1' }`,
)

/** epoch id figures{7} */
export const settleScript: Script = script(
  ledgerLua,
  alive,
  figures,
  `local known = settle(ARGV[2], figures)
save()
return { int(known) }`,
)

/** epoch id figures{7} day_ends day week month agent row block amount accounts... ; an empty id is none */
export const recordScript: Script = script(
  ledgerLua,
  alive,
  figures,
  `local id = ARGV[2]
if now >= tonumber(ARGV[10]) then return { 'clock', int(now) } end
local before = id ~= '' and redis.call('HGET', ended, id)
if before == 'settled' or before == 'recorded' then return { '0', int(now) } end
local day, ofWeek, month = ARGV[11], ARGV[12], ARGV[13]
local live = ARGV[16] ~= '' and redis.call('HGET', held, ARGV[16])
local block = live or ARGV[16] ~= '' and redis.call('HGET', ended, ARGV[16])
local r = block and words(block)
if r and (live or r[1] == 'charged') then
  local drawn = math.min(tonumber(r[2]), tonumber(ARGV[17]))
  if live then free(r, drawn)
  else
    post(r, 0, { -drawn, 0, 0, 0, 0, 0, 32 })
    day, ofWeek, month = r[4], r[5], r[6]
  end
  r[2] = int(tonumber(r[2]) - drawn)
  redis.call('HSET', live and held or ended, ARGV[16], table.concat(r, ' '))
end
if id == '' or settle(id, figures) == 0 then
  for i = 18, #ARGV do
    local a = open(ARGV[i], ARGV[11], ARGV[12], ARGV[13], ARGV[14])
    post_to(ARGV[i], a, 0, figures, day, ofWeek, month)
  end
  post_row(day, ARGV[15], figures)
  if id ~= '' then remember(id, 'recorded', week / 7) end
end
save()
return { '1', int(now) }`,
)

/** epoch most */
export const sweepScript: Script = script(
  ledgerLua,
  alive,
  `local count = sweep(tonumber(ARGV[2]))
save()
return { int(count) }`,
)

/** epoch names... */
export const readScript: Script = script(
  ledgerLua,
  alive,
  `local answer = { int(now) }
for i = 2, #ARGV do answer[i] = redis.call('HGET', ledger, ARGV[i]) or '' end
return answer`,
)

/** epoch session */
export const forgetScript: Script = script(
  ledgerLua,
  alive,
  `local a = find(ARGV[2])
if not a then return { '0' } end
redis.call('HDEL', ledger, ARGV[2])
redis.call('ZREM', sessions, ARGV[2])
local ofAgent = a[18] ~= '-' and find('a' .. a[18])
if ofAgent then add('a' .. a[18], ofAgent, 17, -1) end
save()
return { '1' }`,
)

/** epoch day row coarser_row */
export const foldScript: Script = script(
  ledgerLua,
  alive,
  `local field = ARGV[2] .. ARGV[3]
local text = redis.call('HGET', bill, field)
if not text then return { '0' } end
local figures = {}
for i, w in ipairs(words(text)) do figures[i] = tonumber(w) end
redis.call('HDEL', bill, field)
redis.call('ZREM', rows, field)
post_row(ARGV[2], ARGV[4], figures)
return { '1' }`,
)
