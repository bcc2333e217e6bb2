-- What the application role may do. Run by provisioning after every migration,
-- where the role exists; running it again changes nothing. Processes that start
-- together would change the same entries of the catalogue, so one waits for the other.
select pg_advisory_xact_lock(hashtextextended('aegis: grants', 0));
grant usage on schema public to aegis_app;
revoke all on all tables in schema public from aegis_app;
grant select on all tables in schema public to aegis_app;

-- The record: append, never change.
-- Not event_id and recorded_at, which fill themselves: an id below the bound is never sealed.
grant insert (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata) on events to aegis_app;
grant insert on attack_contents, attack_tactics, attack_techniques, attack_actors, attack_software, attack_uses, attack_objects, attack_relations to aegis_app;
-- Not doc, which fills itself.
grant insert (digest, kind, body) on knowledge_records to aegis_app;
grant insert on knowledge_contents, knowledge_members to aegis_app;
grant insert on tree_checkpoints, job_retries to aegis_app;
-- Not id and at, which fill themselves: no entry comes into a segment that is closed.
grant insert (account, action, outcome, address, detail, entity_type, entity, key_id, correlation, name_hash) on access_log to aegis_app;

-- What is derived or operational.
grant insert, update, delete on api_keys, access_policies, api_key_secrets, sessions, second_factors, recovery_codes, code_attempts, sign_on_subjects to aegis_app;
grant insert, update on projection_positions to aegis_app;
grant insert, update, delete on knowledge_releases, knowledge_settings, tests, test_texts, test_rounds, test_votes, test_evidence, comments, coverage_tests, coverage_techniques, accounts to aegis_app;
grant insert, update, delete on test_templates, template_uses, remediations, remediation_retests to aegis_app;
grant insert, delete on audit_index to aegis_app;
grant insert, update, delete on campaigns, campaign_tests, campaign_runs to aegis_app;
grant insert, update, delete on account_profiles, account_credentials, revoked_tokens, sign_in_attempts, jobs, job_rejects, uploads, evidence_uploads, saved_filters to aegis_app;
grant insert, update, delete on notifications, notification_preferences, webhooks, webhook_deliveries, mails, mail_items to aegis_app;
grant usage on all sequences in schema public to aegis_app;

revoke execute on function seal(int, bigint), rebuild_begin(text), rebuild_swap(text, bigint, int) from public;
grant execute on function seal(int, bigint), rebuild_begin(text), rebuild_swap(text, bigint, int) to aegis_app;
