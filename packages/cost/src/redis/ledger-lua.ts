/**
 * What every script begins with. All keys carry one hash tag, so that a cluster keeps them together. An account is a row of
 * words: number pending posted input output messages attempts unpriced sources day week month day_posted week_posted
 * month_posted told sessions agent. A reservation: state amount deadline day week month session_number row row_without_session
 * accounts... What has ended is such a row (freed, charged), or settled, or recorded (without a reservation). Numbers are integers below 2^53, which the doubles of Lua hold. `epoch` stands in each key that a limit depends
 * on: where it is missing, the server has lost or evicted the key.
 */
export const ledgerLua = `
local ledger, held, due, ended, ends, sessions, agents, bill, rows = unpack(KEYS)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(n) return string.format('%.0f', n) end
local function words(text)
  local all = {}
  for w in string.gmatch(text, '%S+') do all[#all + 1] = w end
  return all
end
local function epoch()
  local e = redis.call('HGET', ledger, 'epoch')
  if e and redis.call('HGET', held, 'epoch') == e and redis.call('HGET', ended, 'epoch') == e
    and redis.call('ZSCORE', due, 'epoch') then return e end
  return false
end

local accounts, changed = {}, {}
local function find(name)
  local known = accounts[name]
  if known ~= nil then return known end
  local text = redis.call('HGET', ledger, name)
  accounts[name] = text and words(text) or false
  return accounts[name]
end
local function save()
  for name, a in pairs(changed) do
    for i = 1, 9 do if type(a[i]) == 'number' then a[i] = int(a[i]) end end
    for i = 13, 15 do if type(a[i]) == 'number' then a[i] = int(a[i]) end end
    if type(a[17]) == 'number' then a[17] = int(a[17]) end
    redis.call('HSET', ledger, name, table.concat(a, ' '))
  end
end
local function add(name, a, i, n)
  a[i] = tonumber(a[i]) + n
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
local column = { total = 3, day = 13, week = 14, month = 15 }
local part = { day = 10, week = 11, month = 12 }
local function posted(a, window, calendar)
  if window == 'total' or calendar.day <= a[10] or a[part[window]] == calendar[window] then
    return tonumber(a[column[window]])
  end
  return 0
end
local function open(name, day, week, month, agent)
  local a = find(name)
  if not a then
    local number = redis.call('HINCRBY', ledger, 'numbers', 1)
    a = { number, 0, 0, 0, 0, 0, 0, 0, 0, day, week, month, 0, 0, 0, '-', 0, '-' }
    accounts[name] = a
    local kind = string.sub(name, 1, 1)
    if kind == 's' then
      a[18] = agent
      redis.call('ZADD', sessions, number, name)
      if agent ~= '-' then
        local ofAgent = find('a' .. agent)
        if ofAgent then add('a' .. agent, ofAgent, 17, 1) end
      end
    elseif kind == 'a' then redis.call('ZADD', agents, number, name) end
  end
  changed[name] = a
  enter(name, a, day, week, month)
  return a
end

local function bitor(a, b)
  local sum, bit = 0, 1
  a, b = tonumber(a), tonumber(b)
  while a > 0 or b > 0 do
    if a % 2 == 1 or b % 2 == 1 then sum = sum + bit end
    a, b, bit = math.floor(a / 2), math.floor(b / 2), bit * 2
  end
  return sum
end
local function post_to(name, a, freed, figures, day, week, month)
  add(name, a, 2, -freed)
  for i = 1, 6 do add(name, a, i + 2, figures[i]) end
  a[9] = bitor(a[9], figures[7])
  if a[10] == day then add(name, a, 13, figures[1]) end
  if a[11] == week then add(name, a, 14, figures[1]) end
  if a[12] == month then add(name, a, 15, figures[1]) end
end
local function post_row(day, row, figures)
  local field = day .. row
  local text = redis.call('HGET', bill, field)
  local sum = {}
  if text then
    local old = words(text)
    for i = 1, 6 do sum[i] = int(tonumber(old[i]) + figures[i]) end
    sum[7] = int(bitor(old[7], figures[7]))
  else
    for i = 1, 7 do sum[i] = int(figures[i]) end
    redis.call('ZADD', rows, 0, field)
    -- Of the years before the last one a few at a time lose their place.
    local oldest = string.format('(%04d', tonumber(string.sub(day, 1, 4)) - 1)
    for _, old in ipairs(redis.call('ZRANGEBYLEX', rows, '-', oldest, 'LIMIT', 0, 10)) do
      redis.call('ZREM', rows, old)
      redis.call('HDEL', bill, old)
    end
  end
  redis.call('HSET', bill, field, table.concat(sum, ' '))
end
-- The account of the session counts only while it is the one in which the reservation was made.
local function is_gone(name, r)
  if string.sub(name, 1, 1) ~= 's' then return false end
  local a = find(name)
  return not a or tonumber(a[1]) ~= tonumber(r[7])
end
-- Of an end that is no attempt (attempts 0) nothing is left to be read in the bill.
local function is_nothing(figures)
  for i = 1, 6 do if figures[i] ~= 0 then return false end end
  return true
end
local function post(r, freed, figures)
  local row = r[8]
  for i = 10, #r do
    local name = r[i]
    if is_gone(name, r) then row = r[9]
    else
      local a = find(name)
      if a then post_to(name, a, freed, figures, r[4], r[5], r[6]) end
    end
  end
  if not is_nothing(figures) then post_row(r[4], row, figures) end
end
local function free(r, amount)
  for i = 10, #r do
    local a = not is_gone(r[i], r) and find(r[i])
    if a then add(r[i], a, 2, -amount) end
  end
end
local function remember(id, text, keep)
  redis.call('HSET', ended, id, text)
  redis.call('ZADD', ends, now + keep, id)
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', ends, '-inf', now, 'LIMIT', 0, 10)) do
    redis.call('HDEL', ended, old)
    redis.call('ZREM', ends, old)
  end
end
local function drop(id)
  redis.call('HDEL', held, id)
  redis.call('ZREM', due, id)
end
local week = 604800000
local function sweep(most)
  local late = redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, most)
  for _, id in ipairs(late) do
    local text = redis.call('HGET', held, id)
    drop(id)
    if text then
      local r = words(text)
      local amount = tonumber(r[2])
      if redis.call('HGET', ended, id) == 'recorded' then
        free(r, amount)
        r = nil
      elseif r[1] == 'dispatched' then
        post(r, amount, { amount, 0, 0, 0, 1, 0, 32 })
        r[1] = 'charged'
      else
        free(r, amount)
        r[1] = 'freed'
      end
      if r then remember(id, table.concat(r, ' '), 5 * week) end
    end
  end
  return #late
end
local function settle(id, figures)
  local text = redis.call('HGET', held, id)
  if text then
    local r = words(text)
    drop(id)
    if redis.call('HGET', ended, id) == 'recorded' then
      free(r, tonumber(r[2]))
      remember(id, 'settled', week / 7)
      return 0
    end
    post(r, tonumber(r[2]), figures)
  else
    text = redis.call('HGET', ended, id)
    if not text or text == 'settled' or text == 'recorded' then return 0 end
    local r = words(text)
    if r[1] == 'charged' then
      figures[1] = figures[1] - tonumber(r[2])
      figures[5] = figures[5] - 1
    end
    post(r, 0, figures)
  end
  remember(id, 'settled', week / 7)
  return 1
end
`
