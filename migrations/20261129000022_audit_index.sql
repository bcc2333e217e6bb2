-- Who did what to what, by position: found again without reading every event. Derived from the ledger by a
-- follower of its own ("audit"), apart from the read models, so that nobody waits for it who has written something.

create table audit_index (
  position bigint primary key,
  actor uuid not null,
  entity_type text not null,
  entity text not null,
  action text not null
);
create index audit_index_of_actor on audit_index (actor, position);
create index audit_index_of_entity on audit_index (entity_type, entity, position);
create index audit_index_of_action on audit_index (action, position);
