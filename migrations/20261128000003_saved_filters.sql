-- Filters that people keep for themselves: preferences, no part of the record.
create table saved_filters (
  filter_id uuid primary key,
  account uuid not null,
  -- the page it belongs to: tests, campaigns, ...
  page text not null,
  name text not null,
  -- the query part of the page's address
  query text not null,
  saved_at timestamptz not null default now(),
  unique (account, page, name)
);
