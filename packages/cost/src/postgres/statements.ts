import { begin } from './begin.ts'
import { noBlock, post } from './post.ts'

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
