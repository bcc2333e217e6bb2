-- What knowledge sources say, immutable under a digest; and which is in force.

create table attack_contents (
  digest text primary key,
  domain text not null,
  version text not null,
  counts jsonb not null,
  staged_at timestamptz not null default clock_timestamp()
);

create table attack_tactics (
  digest text not null references attack_contents,
  stix_id text not null,
  attack_id text not null,
  short_name text not null,
  name text not null,
  description text not null,
  ordinal int not null,
  primary key (digest, stix_id)
);

create table attack_techniques (
  digest text not null references attack_contents,
  stix_id text not null,
  attack_id text not null,
  name text not null,
  description text not null,
  is_subtechnique boolean not null,
  parent text,
  tactics text[] not null,
  platforms text[] not null,
  lifecycle text not null check (lifecycle in ('active', 'revoked', 'deprecated')),
  successor text,
  url text,
  primary key (digest, stix_id)
);
create index on attack_techniques (digest, attack_id);
create index on attack_techniques (digest, parent) where parent is not null;

create table attack_actors (
  digest text not null references attack_contents,
  stix_id text not null,
  attack_id text not null,
  name text not null,
  aliases text[] not null,
  description text not null,
  lifecycle text not null check (lifecycle in ('active', 'revoked', 'deprecated')),
  url text,
  primary key (digest, stix_id)
);
create index on attack_actors (digest, attack_id);

create table attack_software (
  digest text not null references attack_contents,
  stix_id text not null,
  attack_id text not null,
  name text not null,
  kind text not null check (kind in ('malware', 'tool')),
  aliases text[] not null,
  platforms text[] not null,
  description text not null,
  lifecycle text not null check (lifecycle in ('active', 'revoked', 'deprecated')),
  url text,
  primary key (digest, stix_id)
);

create table attack_uses (
  digest text not null references attack_contents,
  stix_id text not null,
  source text not null,
  target text not null,
  description text not null,
  primary key (digest, stix_id)
);
create index on attack_uses (digest, source);
create index on attack_uses (digest, target);

do $$
declare t text;
begin
  foreach t in array array['attack_contents', 'attack_tactics', 'attack_techniques', 'attack_actors', 'attack_software', 'attack_uses'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger append_only_truncate before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;

-- Projection "knowledge": which content is in force, by domain.
create table knowledge_releases (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  domain text not null,
  digest text not null,
  version text not null,
  released_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on knowledge_releases (row_key) where to_position = 9223372036854775807;
insert into projection_tables values ('knowledge', 'knowledge_releases');
