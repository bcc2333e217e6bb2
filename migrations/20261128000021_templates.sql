-- Projection "templates": each template, and the tests drafted from it.

create table test_templates (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  template_id uuid not null,
  -- who keeps it: custom, or the catalogue it was imported from with its key there
  source text not null,
  source_key text,
  name text not null,
  description text not null,
  -- the technique as written, and the live one that stands for it now
  technique_id text not null,
  live_technique_id text not null,
  attack_id text not null,
  platforms text[] not null,
  severity text not null,
  executor text not null,
  procedure text not null,
  cleanup text not null,
  prerequisites text not null,
  expected_detection text not null,
  tool text,
  tags text[] not null,
  reference_urls text[] not null,
  arguments json not null,
  content_version int not null,
  version bigint not null,
  active boolean not null,
  retired_reason text,
  created_by uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (row_key, from_position)
);
create unique index on test_templates (row_key) where to_position = 9223372036854775807;
create index on test_templates (to_position);
create index on test_templates (attack_id, name, template_id) where to_position = 9223372036854775807;
create unique index on test_templates (source, source_key)
  where to_position = 9223372036854775807 and source_key is not null;

create table template_uses (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  template_id uuid not null,
  content_version int not null,
  primary key (row_key, from_position)
);
create unique index on template_uses (row_key) where to_position = 9223372036854775807;
create index on template_uses (template_id);

insert into projection_tables values ('templates', 'test_templates'), ('templates', 'template_uses');
