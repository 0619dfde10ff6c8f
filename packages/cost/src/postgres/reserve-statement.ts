import { begin } from './begin.ts'

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
