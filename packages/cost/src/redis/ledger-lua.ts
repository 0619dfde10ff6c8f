/**
 * What every script begins with. All keys carry one hash tag, so that a cluster keeps them together. Most of a ledger is one
 * hash: the accounts by name, reservations by id, what has ended by id behind an `e`. An account is a packed list: number
 * pending posted input output messages attempts unpriced sources day week month day_posted week_posted month_posted told
 * sessions agent; a text that is absent is empty. A reservation: state amount deadline day week month session_number session
 * row_without_session accounts, these a name a line. What has ended is such a list (freed, charged), or settled, or recorded
 * (without a reservation). Numbers are integers below 2^53, which the doubles of Lua hold, and no text has a NUL.
 *
 * `epoch` stands in each key that a limit depends on: where it is missing, the server has lost or evicted the key. In `due` it
 * comes before all deadlines, so that one look finds it and what is late.
 *
 * The time of a script goes into crossing over between Lua and the server, so that there is one hash and one argument of
 * JSON, and into texts that are read or written: the server packs lists, by a format, and a number that it is told as one
 * takes it longer than the command. What only some scripts do stands in texts of its own, as every run makes its functions
 * anew.
 */
export const ledgerLua = `
local ledger, due, ends, sessions, agents, bill, rows = unpack(KEYS)
local epoch, id, told = ARGV[1], ARGV[2], cjson.decode(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local account, reservation, sums = '<dddddddddsssdddsds', '<sddsssdsss', '<ddddddd'
local function pack(format, list) return struct.pack(format, unpack(list)) end
local function unpacked(format, text) return { struct.unpack(format, text) } end
local function digits(n) return string.format('%d', n) end

local accounts, changed = {}, {}
local mine, over
local function read(names)
  local texts = redis.call('HMGET', ledger, 'epoch', id, 'e' .. id, unpack(names))
  mine, over = texts[2], texts[3]
  for i, name in ipairs(names) do
    local text = texts[i + 3]
    if accounts[name] == nil then accounts[name] = text and unpacked(account, text) or false end
  end
  return texts[1]
end
-- Nothing when the key is lost.
local function late(most)
  local first = redis.call('ZRANGEBYSCORE', due, '-inf', digits(now), 'LIMIT', '0', digits(most + 1))
  return table.remove(first, 1) == 'epoch' and first
end
local function find(name)
  local known = accounts[name]
  if known ~= nil then return known end
  local text = redis.call('HGET', ledger, name)
  accounts[name] = text and unpacked(account, text) or false
  return accounts[name]
end
-- With other fields and their texts.
local function save(...)
  local pairs_of = { ... }
  for name, a in pairs(changed) do
    pairs_of[#pairs_of + 1] = name
    pairs_of[#pairs_of + 1] = pack(account, a)
    if #pairs_of >= 1000 then
      redis.call('HSET', ledger, unpack(pairs_of))
      pairs_of = {}
    end
  end
  if #pairs_of > 0 then redis.call('HSET', ledger, unpack(pairs_of)) end
  changed = {}
end
local function add(name, a, i, n)
  a[i] = a[i] + n
  changed[name] = a
end
local function enter(name, a, day, week, month)
  if day <= a[10] then return end
  a[13] = 0
  if week ~= a[11] then a[14] = 0 end
  if month ~= a[12] then a[15] = 0 end
  a[10], a[11], a[12] = day, week, month
  changed[name] = a
end
local function open(name, day, week, month, agent)
  local a = find(name)
  if a then
    enter(name, a, day, week, month)
    return a
  end
  local number = redis.call('HINCRBY', ledger, 'numbers', '1')
  a = { number, 0, 0, 0, 0, 0, 0, 0, 0, day, week, month, 0, 0, 0, '', 0, '' }
  accounts[name], changed[name] = a, a
  local kind = string.sub(name, 1, 1)
  if kind == 's' then
    a[18] = agent
    redis.call('ZADD', sessions, digits(number), name)
    local ofAgent = agent ~= '' and find('a' .. agent)
    if ofAgent then add('a' .. agent, ofAgent, 17, 1) end
  elseif kind == 'a' then redis.call('ZADD', agents, digits(number), name) end
  return a
end
`

/** Frees what was set aside. */
export const freeingLua = `
-- The account of the session counts only while it is the one in which the reservation was made.
local function is_gone(name, r)
  if string.sub(name, 1, 1) ~= 's' then return false end
  local a = find(name)
  return not a or a[1] ~= r[7]
end
local function names_of(r)
  if not r.names then
    r.names = {}
    for name in string.gmatch(r[10], '[^\\n]+') do r.names[#r.names + 1] = name end
  end
  return r.names
end
local function free(r, amount)
  for _, name in ipairs(names_of(r)) do
    local a = not is_gone(name, r) and find(name)
    if a then add(name, a, 2, -amount) end
  end
end
local function drop(which)
  redis.call('HDEL', ledger, which)
  redis.call('ZREM', due, which)
end
`

/** Posts what was spent, and ends what outlived its lease; behind `freeingLua`. */
export const postingLua = `
local week = 604800000
local function post_to(name, a, freed, figures, day, week, month)
  add(name, a, 2, -freed)
  for i = 1, 6 do a[i + 2] = a[i + 2] + figures[i] end
  a[9] = bit.bor(a[9], figures[7])
  if a[10] == day then a[13] = a[13] + figures[1] end
  if a[11] == week then a[14] = a[14] + figures[1] end
  if a[12] == month then a[15] = a[15] + figures[1] end
end
local function post_row(day, row, figures)
  local field = day .. row
  local text = redis.call('HGET', bill, field)
  local sum = figures
  if text then
    sum = unpacked(sums, text)
    for i = 1, 6 do sum[i] = sum[i] + figures[i] end
    sum[7] = bit.bor(sum[7], figures[7])
  else
    redis.call('ZADD', rows, '0', field)
    -- Of the years before the last one a few at a time lose their place.
    local oldest = string.format('(%04d', tonumber(string.sub(day, 1, 4)) - 1)
    for _, old in ipairs(redis.call('ZRANGEBYLEX', rows, '-', oldest, 'LIMIT', '0', '10')) do
      redis.call('ZREM', rows, old)
      redis.call('HDEL', bill, old)
    end
  end
  redis.call('HSET', bill, field, pack(sums, sum))
end
-- Of an end that is no attempt (attempts 0) nothing is left to be read in the bill.
local function is_nothing(figures)
  for i = 1, 6 do if figures[i] ~= 0 then return false end end
  return true
end
local function post(r, freed, figures)
  local row = r[8] == '' and r[9] or r[9] .. '\\n' .. r[8]
  for _, name in ipairs(names_of(r)) do
    if is_gone(name, r) then row = r[9]
    else
      local a = find(name)
      if a then post_to(name, a, freed, figures, r[4], r[5], r[6]) end
    end
  end
  if not is_nothing(figures) then post_row(r[4], row, figures) end
end
local function remember(which, text, keep)
  redis.call('HSET', ledger, 'e' .. which, text)
  redis.call('ZADD', ends, digits(now + keep), which)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', digits(now), 'LIMIT', '0', '10')) do
    redis.call('HDEL', ledger, 'e' .. old)
    redis.call('ZREM', ends, old)
  end
end
local function sweep(late)
  for _, each in ipairs(late) do
    local text = redis.call('HGET', ledger, each)
    drop(each)
    if text then
      local r = unpacked(reservation, text)
      local amount = r[2]
      if redis.call('HGET', ledger, 'e' .. each) == 'recorded' then
        free(r, amount)
        r = nil
      elseif r[1] == 'dispatched' then
        post(r, amount, { amount, 0, 0, 0, 1, 0, 32 })
        r[1] = 'charged'
      else
        free(r, amount)
        r[1] = 'freed'
      end
      if r then remember(each, pack(reservation, r), 5 * week) end
    end
  end
end
`

/** Moves a reservation to posted; behind `postingLua`. */
export const settlingLua = `
local function settle(figures)
  if mine then
    local r = unpacked(reservation, mine)
    drop(id)
    read(names_of(r))
    if over == 'recorded' then
      free(r, r[2])
      remember(id, 'settled', week / 7)
      return 0
    end
    post(r, r[2], figures)
  else
    if not over or over == 'settled' or over == 'recorded' then return 0 end
    local r = unpacked(reservation, over)
    if r[1] == 'charged' then
      figures[1] = figures[1] - r[2]
      figures[5] = figures[5] - 1
    end
    post(r, 0, figures)
  end
  remember(id, 'settled', week / 7)
  return 1
end
`
