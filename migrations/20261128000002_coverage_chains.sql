-- Projection "coverage", fold version 2: chains of retests, and what was put away.
-- The rows are folded anew, so the defaults below only fill what is about to be replaced.
alter table coverage_tests
  add column chain text not null default '',
  add column chain_number int not null default 0,
  add column counts boolean not null default true;
