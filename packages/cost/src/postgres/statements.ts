/**
 * Every change is one statement, so that it happens whole or not at all. Rows are locked in the order of their names, the
 * global account first; new figures are made from the rows as they are once locked. A statement that finds that another made
 * the same row meanwhile divides by zero: that undoes it, and it is asked again.
 */
const begin = `with input as materialized (select $1::text::json as i),
clock as materialized (select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as now)`

export const reserveSql: string = `${begin},
wish as materialized (
  select i->>'id' as id, i->>'day' as day, i->>'week' as week, i->>'month' as month, (i->>'dayEnds')::numeric as day_ends,
    (i->>'amount')::bigint as amount, (i->>'least')::bigint as least, (i->>'leaseMs')::numeric as lease, i->>'key' as key,
    i->>'call' as call, i->>'coarseKey' as coarse_key, i->>'coarseCall' as coarse_call, i->>'session' as session
  from input
),
scopes as materialized (
  select s.* from input, json_to_recordset(i->'scopes') as s(name text, label text, agent text)
),
limits as materialized (
  select l.* from input, json_to_recordset(i->'limits') as l(n int, name text, "window" text, hard bigint, soft bigint)
),
known as materialized (
  select r.amount from wish w join wayfare_reservations r on r.id = w.id where r.ended is null
),
locked as materialized (
  select a.* from wayfare_accounts a
  where a.name = any (array(select name from scopes union select name from limits)::text[]) order by a.name for update
),
entered as materialized (
  select l.*, case when l.day >= w.day then l.day_posted else 0 end as of_day,
    case when l.day >= w.day or l.week = w.week then l.week_posted else 0 end as of_week,
    case when l.day >= w.day or l.month = w.month then l.month_posted else 0 end as of_month
  from locked l, wish w
),
checks as materialized (
  select m.*, e.name as account, coalesce(e.pending, 0) as pending, coalesce(case m."window" when 'total' then e.posted
    when 'day' then e.of_day when 'week' then e.of_week else e.of_month end, 0) as used
  from limits m left join entered e on e.name = m.name
),
room as materialized (
  select w.*, least(w.amount, (select min(c.hard - c.used - c.pending) from checks c where w.amount > 0)) as granted,
    (select json_build_array(c.n, case when w.least > c.hard then 'too_large' when c.used + w.least > c.hard then 'exhausted' else 'in_flight' end)
      from checks c where w.amount > 0 and c.hard - c.used - c.pending < w.least
      order by case when w.least > c.hard then 0 when c.used + w.least > c.hard then 1 else 2 end, c.n limit 1) as refusal
  from wish w
),
verdict as materialized (
  select r.*, c.now, c.now >= r.day_ends as late, exists (select from known) as again,
    r.refusal is null and c.now < r.day_ends and not exists (select from known) as ok
  from room r, clock c
),
marks as materialized (
  select c.n, c.account, c.used, case c."window" when 'total' then 'total' when 'day' then v.day when 'week' then v.week else v.month end as told
  from checks c, verdict v where v.ok and c.account is not null and c.soft <= c.used
),
updated as (
  update wayfare_accounts a set pending = e.pending + v.granted, day_posted = e.of_day, week_posted = e.of_week,
    month_posted = e.of_month, day = greatest(e.day, v.day), week = case when e.day >= v.day then e.week else v.week end,
    month = case when e.day >= v.day then e.month else v.month end, told = coalesce(m.told, e.told)
  from scopes s join entered e on e.name = s.name left join marks m on m.account = s.name, verdict v
  where v.ok and a.number = e.number returning a.number, a.name
),
opened as (
  insert into wayfare_accounts (name, label, agent, pending, day, week, month)
  select s.name, s.label, s.agent, v.granted, v.day, v.week, v.month from scopes s, verdict v
  where v.ok and not exists (select from entered e where e.name = s.name) order by s.name
  on conflict (name) do nothing returning number, name
),
numbers as materialized (select * from updated union all select * from opened),
made as (
  insert into wayfare_reservations as old (id, state, amount, deadline, accounts, session, day, week, month, key, call, coarse_key, coarse_call)
  select v.id, 'reserved', v.granted, (v.now + v.lease)::bigint, array(select number from numbers),
    (select number from numbers n where n.name = v.session), v.day, v.week, v.month, v.key, v.call, v.coarse_key, v.coarse_call
  from verdict v where v.ok
  on conflict (id) do update set state = case when old.state = 'recorded' then 'counted' else excluded.state end, amount = excluded.amount, deadline = excluded.deadline,
    accounts = excluded.accounts, session = excluded.session, day = excluded.day, week = excluded.week, month = excluded.month,
    key = excluded.key, call = excluded.call, coarse_key = excluded.coarse_key, coarse_call = excluded.coarse_call, ended = null
  where old.ended is not null returning 1
)
select json_build_object('now', v.now,
  'what', case when v.late then 'clock' when v.again then 'granted' when v.ok then 'granted' else 'refused' end,
  'amount', case when v.again then (select amount from known) else v.granted end, 'refusal', v.refusal,
  'soft', (select json_agg(json_build_array(m.n, m.used, m.told is distinct from e.told)) from marks m join entered e on e.name = m.account),
  'check', case when v.ok and ((select count(*) from made) <> 1 or (select count(*) from numbers) <> (select count(*) from scopes))
    then 1 / ((select count(*) from made) * 0) end)::text as answer
from verdict v`

/**
 * Follows a CTE `p` of at most one row: what is posted where; and `b`, the block that it is taken from, if any: `drawn` of what
 * it holds is freed, `back` of what its lease charged is taken back.
 */
const post = `locked as materialized (
  select a.* from wayfare_accounts a
  where a.number = any (array(select unnest(accounts) from p union select unnest(accounts) from b)::bigint[])
  order by a.name for update
),
figures as materialized (
  select l.number, l.day, l.week, l.month, l.posted, l.input, l.output, l.messages, l.attempts, l.unpriced, l.sources,
    l.day_posted, l.week_posted, l.month_posted, l.number = any (p.accounts) as counts,
    l.pending - case when l.number = any (p.accounts) then p.freed else 0 end
      - coalesce(b.drawn, 0) as pending,
    coalesce(b.back, 0) as back, case when l.day = b.day then b.back else 0 end as day_back,
    case when l.week = b.week then b.back else 0 end as week_back, case when l.month = b.month then b.back else 0 end as month_back
  from locked l cross join p left join b on l.number = any (b.accounts)
),
updated as (
  update wayfare_accounts a set pending = f.pending,
    posted = f.posted - f.back + case when f.counts then p.nano else 0 end,
    input = f.input + case when f.counts then p.input else 0 end,
    output = f.output + case when f.counts then p.output else 0 end,
    messages = f.messages + case when f.counts then p.messages else 0 end,
    attempts = f.attempts + case when f.counts then p.attempts else 0 end,
    unpriced = f.unpriced + case when f.counts then p.unpriced else 0 end,
    sources = f.sources | case when f.counts then p.source else 0 end,
    day_posted = f.day_posted - f.day_back + case when f.counts and f.day = p.day then p.nano else 0 end,
    week_posted = f.week_posted - f.week_back + case when f.counts and f.week = p.week then p.nano else 0 end,
    month_posted = f.month_posted - f.month_back + case when f.counts and f.month = p.month then p.nano else 0 end
  from figures f, p where a.number = f.number returning 1
),
lines as materialized (
  select p.day, p.key, p.call, p.coarse_key, p.coarse_call, p.session, p.nano, p.input, p.output, p.messages, p.attempts,
    p.unpriced, p.source
  from p where p.posts
  union all
  select b.day, b.key, b.call, b.coarse_key, b.coarse_call, b.session, -b.back, 0, 0, 0, 0, 0, 0 from b where b.back > 0
),
kept as materialized (
  select s.day, s.coarse_key, s.coarse_call, case when g.gone then s.coarse_key else s.key end as key,
    case when g.gone then s.coarse_call else s.call end as call,
    case when g.gone then null else (select label from locked l where l.number = s.session) end as label,
    s.nano, s.input, s.output, s.messages, s.attempts, s.unpriced, s.source
  from lines s, lateral (select s.session is not null and not exists (select from locked l where l.number = s.session) as gone) g
),
billed as (
  insert into wayfare_bill as old (day, key, call, coarse_key, coarse_call, session, posted, input, output, messages, attempts, unpriced, sources)
  select k.day, k.key, min(k.call), min(k.coarse_key), min(k.coarse_call), min(k.label), sum(k.nano), sum(k.input),
    sum(k.output), sum(k.messages), sum(k.attempts), sum(k.unpriced), bit_or(k.source)
  from kept k where (select count(*) from updated) >= 0 group by k.day, k.key order by k.day, k.key
  on conflict (day, key) do update set posted = old.posted + excluded.posted, input = old.input + excluded.input,
    output = old.output + excluded.output, messages = old.messages + excluded.messages, attempts = old.attempts + excluded.attempts,
    unpriced = old.unpriced + excluded.unpriced, sources = old.sources | excluded.sources
  returning 1
)`

const noBlock = `b as materialized (
  select r.*, 0::bigint as drawn, 0::bigint as back from wayfare_reservations r where false
)`

/** Answers "settled" for what it settled, "before" for what was settled before, "unknown" for the rest. */
export const settleSql: string = `${begin},
known as materialized (select r.* from input, wayfare_reservations r where r.id = i->>'id' for update of r),
block as materialized (
  select r.*, least(r.amount, (i->'from'->>'amount')::bigint) as part
  from input, known k, wayfare_reservations r where k.state not in ('settled', 'recorded', 'counted')
    and r.id = i->'from'->>'id' and (r.ended is null or r.state = 'charged') for update of r
),
b as materialized (
  select k.*, case when k.ended is null then k.part else 0 end as drawn, case when k.ended is null then 0 else k.part end as back
  from block k
),
f as materialized (
  select k.id, (i->'figures'->>0)::bigint as nano, (i->'figures'->>1)::bigint as input, (i->'figures'->>2)::bigint as output,
    (i->'figures'->>3)::bigint as messages, (i->'figures'->>4)::bigint as attempts, (i->'figures'->>5)::bigint as unpriced,
    (i->'figures'->>6)::int as source
  from known k, input where k.state <> 'counted'
),
p as materialized (
  select k.id, k.accounts, k.session, k.key, k.call, k.coarse_key, k.coarse_call,
    case when n.at_block then n.day else k.day end as day, case when n.at_block then n.week else k.week end as week,
    case when n.at_block then n.month else k.month end as month,
    k.state <> 'counted' and n.leaves as posts,
    case when k.ended is null then k.amount else 0 end as freed, n.nano, coalesce(f.input, 0) as input,
    coalesce(f.output, 0) as output, coalesce(f.messages, 0) as messages, n.attempts, coalesce(f.unpriced, 0) as unpriced,
    coalesce(f.source, 0) as source
  from known k cross join input left join f on f.id = k.id left join b on b.back > 0, lateral (
    select coalesce(f.nano, 0) - case when k.state = 'charged' then k.amount else 0 end as nano,
      coalesce(f.attempts, 0) - case when k.state = 'charged' then 1 else 0 end as attempts) n0, lateral (
    select n0.nano, n0.attempts, b.day, b.week, b.month, b.id is not null and i->>'unreserved' = 'true' as at_block,
      n0.nano <> 0 or n0.attempts <> 0 or f.attempts <> 0 as leaves) n
  where k.state not in ('settled', 'recorded')
),
shrunk as (update wayfare_reservations r set amount = r.amount - block.part from block where r.id = block.id),
ended as (
  update wayfare_reservations r set state = case when i->>'unreserved' = 'true' then 'recorded' else 'settled' end, ended = c.now
  from input, p, clock c where r.id = p.id
),
${post}
select to_json(case when exists (select from f join p on p.id = f.id) then 'settled' when exists (select from known) then 'before' else 'unknown' end)::text as answer
from (select count(*) from updated) u, (select count(*) from billed) d`

export const dispatchSql: string = `${begin},
sent as (
  update wayfare_reservations r set state = case when r.state = 'counted' then r.state else 'dispatched' end from input where r.id = i->>'id' and r.ended is null returning 1
)
select to_json(exists (select from sent))::text as answer`

export const voidSql: string = `${begin},
gone as (delete from wayfare_reservations r using input where r.id = i->>'id' and r.state = 'reserved' returning r.*),
uncounted as (
  update wayfare_reservations r set state = 'recorded', ended = c.now from input, clock c
  where r.id = i->>'id' and r.state = 'counted' returning r.*
),
known as (select * from gone union all select * from uncounted),
p as materialized (
  select k.accounts, k.session, k.day, k.week, k.month, k.key, k.call, k.coarse_key, k.coarse_call, false as posts, k.amount as freed,
    0 as nano, 0 as input, 0 as output, 0 as messages, 0 as attempts, 0 as unpriced, 0 as source
  from known k
),
${noBlock},
${post}
select to_json(exists (select from p))::text as answer from (select count(*) from updated) u`

/** Ends one reservation that outlived its lease, and forgets what ended before the time that it is given. */
export const expireSql: string = `${begin},
known as materialized (
  select r.* from wayfare_reservations r, clock c where r.ended is null and r.deadline <= c.now
  order by r.deadline limit 1 for update of r skip locked
),
p as materialized (
  select k.id, k.state, k.accounts, k.session, k.day, k.week, k.month, k.key, k.call, k.coarse_key, k.coarse_call,
    k.state = 'dispatched' as posts, k.amount as freed, case when k.state = 'dispatched' then k.amount else 0 end as nano,
    0 as input, 0 as output, 0 as messages, case when k.state = 'dispatched' then 1 else 0 end as attempts, 0 as unpriced,
    case when k.state = 'dispatched' then (i->>'source')::int else 0 end as source
  from known k, input
),
ended as (
  update wayfare_reservations r set state = case when p.posts then 'charged' when p.state = 'counted' then 'recorded' else 'freed' end, ended = c.now
  from p, clock c where r.id = p.id
),
pruned as (
  delete from wayfare_reservations r using input, clock c where r.ended < c.now - (i->>'keepMs')::bigint
),
${noBlock},
${post}
select to_json(exists (select from p))::text as answer from (select count(*) from updated) u, (select count(*) from billed) d`

/** The accounts with these names, by name, and the time. */
export const readSql: string = `${begin}
select json_build_object('now', c.now, 'accounts', (
  select coalesce(json_object_agg(a.name, to_json(a)), '{}') from wayfare_accounts a
  where a.name = any (array(select json_array_elements_text(i->'names')))))::text as answer
from input, clock c`

export const sessionsSql: string = `${begin}
select coalesce(json_agg(to_json(s) order by s.number), '[]')::text as answer from (
  select a.* from wayfare_accounts a, input where a.name like 's%' and a.number > (i->>'after')::bigint
  order by a.number limit (select (i->>'limit')::bigint from input)
) s`

export const agentsSql: string = `${begin}
select coalesce(json_agg(json_build_object('account', to_json(a), 'sessions', (
  select count(*) from wayfare_accounts s where s.agent = a.label)) order by a.number), '[]')::text as answer
from wayfare_accounts a where a.name >= 'a' and a.name < 'b'`

export const rowsSql: string = `${begin}
select coalesce(json_agg(to_json(b) order by b.day, b.key), '[]')::text as answer
from wayfare_bill b, input where b.day >= i->>'from' and b.day <= i->>'to'`

export const forgetSql: string = `${begin},
gone as (delete from wayfare_accounts a using input where a.name = i->>'name'),
old as (delete from wayfare_bill b using input where b.session = i->>'label' returning b.*),
sums as materialized (
  select day, coarse_key, coarse_call, sum(posted) as posted, sum(input) as input, sum(output) as output,
    sum(messages) as messages, sum(attempts) as attempts, sum(unpriced) as unpriced, bit_or(sources) as sources
  from old group by day, coarse_key, coarse_call
),
folded as (
  insert into wayfare_bill as known (day, key, call, coarse_key, coarse_call, posted, input, output, messages, attempts, unpriced, sources)
  select day, coarse_key, coarse_call, coarse_key, coarse_call, posted, input, output, messages, attempts, unpriced, sources
  from sums order by day, coarse_key
  on conflict (day, key) do update set posted = known.posted + excluded.posted, input = known.input + excluded.input,
    output = known.output + excluded.output, messages = known.messages + excluded.messages,
    attempts = known.attempts + excluded.attempts, unpriced = known.unpriced + excluded.unpriced,
    sources = known.sources | excluded.sources
)
select 'true' as answer from (select count(*) from sums) s`
