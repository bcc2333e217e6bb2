-- How many records a job refused in all; job_rejects keeps the first 10,000 of them.
alter table jobs add column reject_count bigint not null default 0;
update jobs j set reject_count = greatest(
  (select count(*) from job_rejects r where r.job = j.job),
  coalesce((j.result->>'rejects')::bigint, 0));

-- When the file that a job was about was removed, some time after its end.
alter table jobs add column file_removed_at timestamptz;
