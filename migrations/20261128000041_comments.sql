-- Projection "comments": what is said about tests, campaigns and remediations.
create table comments (
  row_key text not null,
  from_position bigint not null,
  to_position bigint not null default 9223372036854775807,
  comment_id uuid not null,
  -- test, campaign, remediation
  subject_kind text not null,
  subject_id uuid not null,
  number int not null,
  -- with mentions as <@account id>
  text text not null,
  mentions uuid[] not null,
  posted_by uuid not null,
  posted_at timestamptz not null,
  edited_at timestamptz,
  primary key (row_key, from_position)
);
create unique index on comments (row_key) where to_position = 9223372036854775807;
create index on comments (to_position);
create index on comments (subject_id, number);

insert into projection_tables values ('comments', 'comments');
