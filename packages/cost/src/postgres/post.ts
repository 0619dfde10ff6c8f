/**
 * Follows a CTE `p` of at most one row: what is posted where; and `b`, the block that it is taken from, if any: `drawn` of what
 * it holds is freed, `back` of what its lease charged is taken back.
 */
export const post: string = `locked as materialized (
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

/** Where nothing is taken from a block. */
export const noBlock: string = `b as materialized (
  select r.*, 0::bigint as drawn, 0::bigint as back from wayfare_reservations r where false
)`
