const figures = `
  posted bigint not null default 0, input bigint not null default 0, output bigint not null default 0,
  messages bigint not null default 0, attempts bigint not null default 0, unpriced bigint not null default 0,
  sources int not null default 0`

/** One statement each. The bytes of a text decide its order, whatever the language of the database. */
export const schema: readonly string[] = [
  `create table if not exists wayfare_accounts (
    name text collate "C" primary key, number bigint generated always as identity unique, label text not null, agent text,
    pending bigint not null default 0, ${figures},
    day text collate "C" not null, week text not null, month text not null,
    day_posted bigint not null default 0, week_posted bigint not null default 0, month_posted bigint not null default 0,
    told text
  ) with (fillfactor = 70)`,
  `create index if not exists wayfare_sessions on wayfare_accounts (number) where name like 's%'`,
  `create index if not exists wayfare_agents on wayfare_accounts (agent) where agent is not null`,
  `create table if not exists wayfare_reservations (
    id text collate "C" primary key, state text not null, amount bigint not null, deadline bigint not null,
    accounts bigint[] not null, session bigint,
    day text not null, week text not null, month text not null,
    key text not null, call text not null, coarse_key text not null, coarse_call text not null, ended bigint
  )`,
  `create index if not exists wayfare_deadlines on wayfare_reservations (deadline) where ended is null`,
  `create index if not exists wayfare_ended on wayfare_reservations (ended) where ended is not null`,
  `create table if not exists wayfare_bill (
    day text collate "C" not null, key text not null, call text not null, coarse_key text not null, coarse_call text not null,
    session text, ${figures}, primary key (day, key)
  )`,
  `create index if not exists wayfare_bill_sessions on wayfare_bill (session) where session is not null`,
]
