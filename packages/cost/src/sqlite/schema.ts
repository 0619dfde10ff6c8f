const figures = `
  posted integer not null default 0, input integer not null default 0, output integer not null default 0,
  messages integer not null default 0, attempts integer not null default 0, unpriced integer not null default 0,
  sources integer not null default 0`

/** Made when they are not there. A commit is on the disk when it is answered. */
export const schema: string = `
pragma busy_timeout = 1000;
pragma journal_mode = wal;
pragma synchronous = full;
create table if not exists wayfare_accounts (
  number integer primary key autoincrement, name text not null unique, agent text,
  pending integer not null default 0, ${figures},
  day text not null, week text not null, month text not null,
  day_posted integer not null default 0, week_posted integer not null default 0, month_posted integer not null default 0,
  told text
);
create table if not exists wayfare_reservations (
  id text primary key, state text not null, amount integer not null, deadline integer not null,
  call text not null, accounts text not null, session integer,
  day text not null, week text not null, month text not null, ended integer
);
create index if not exists wayfare_deadlines on wayfare_reservations (deadline) where ended is null;
create index if not exists wayfare_ended on wayfare_reservations (ended) where ended is not null;
create table if not exists wayfare_bill (
  day text not null, key text not null, call text not null, session text, ${figures}, primary key (day, key)
);
create index if not exists wayfare_bill_sessions on wayfare_bill (session) where session is not null;
`
