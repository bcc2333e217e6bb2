-- What sources other than ATT&CK say: records, each stored once under its digest, and contents made of them; and
-- where the sources are found.

create table knowledge_records (
  digest bytea primary key check (length(digest) = 32),
  kind text not null,
  -- as it was hashed: never written anew
  body text not null,
  -- what queries look into, of the kinds that have no read model of their own
  doc jsonb generated always as (
    case when kind in ('adversary', 'defence', 'defence_mapping', 'framework', 'control', 'control_mapping')
      then body::jsonb end) stored
);

create table knowledge_contents (
  digest text primary key,
  source text not null,
  version text not null,
  counts json not null,
  records int not null,
  staged_at timestamptz not null default clock_timestamp()
);

create table knowledge_members (
  content text not null references knowledge_contents,
  kind text not null,
  key text not null,
  record bytea not null references knowledge_records,
  primary key (content, kind, key)
);

do $$
declare t text;
begin
  foreach t in array array['knowledge_records', 'knowledge_contents', 'knowledge_members'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;

-- The first step of the way to a successor.
alter table attack_techniques add column replaced_by text;

-- Of ATT&CK: mitigations, campaigns, data sources and components, detection strategies, analytics, assets; and what
-- they do to each other and to techniques.
create table attack_objects (
  digest text not null references attack_contents,
  stix_id text not null,
  kind text not null,
  attack_id text not null,
  name text not null,
  description text not null,
  lifecycle text not null check (lifecycle in ('active', 'revoked', 'deprecated')),
  url text,
  platforms text[] not null,
  parts text[] not null,
  first_seen text,
  last_seen text,
  detail text not null,
  primary key (digest, stix_id)
);
create index on attack_objects (digest, kind, attack_id);

create table attack_relations (
  digest text not null references attack_contents,
  stix_id text not null,
  kind text not null,
  source text not null,
  target text not null,
  description text not null,
  primary key (digest, stix_id)
);
create index on attack_relations (digest, source);
create index on attack_relations (digest, target);

do $$
declare t text;
begin
  foreach t in array array['attack_objects', 'attack_relations'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;

-- Projection "knowledge": where a source is found, once somebody has said so.
create table knowledge_settings (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  addresses text[] not null,
  every_hours int not null,
  enabled boolean not null,
  changed_by uuid not null,
  changed_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on knowledge_settings (row_key) where to_position = 9223372036854775807;
insert into projection_tables values ('knowledge', 'knowledge_settings');

-- Where in a file of a source a refused record stands.
alter table job_rejects add column file text, add column line int;
-- Which source a job takes in, so that the last result of each is found.
alter table jobs add column subject text;
create index on jobs (subject, requested_position desc) where subject is not null;
update jobs set subject = 'enterprise-attack' where kind = 'import_attack';

-- Imported templates: of techniques that no release in force knows yet, too.
alter table test_templates alter column technique_id drop not null, alter column live_technique_id drop not null;
