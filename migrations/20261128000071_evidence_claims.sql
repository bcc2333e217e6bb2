-- Who puts, confirms or sweeps up an upload of evidence holds it for a while, so that nobody removes a
-- file while somebody else makes an event of it. Whoever holds it renews; a process that was killed
-- lets go when the time is over.
alter table evidence_uploads
  add column claimed_by uuid,
  add column claimed_until timestamptz;
