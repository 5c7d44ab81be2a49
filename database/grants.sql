-- What the app's role may do. Run after every migration; says the whole truth each time.
revoke all on all tables in schema foundation from :app;
grant usage on schema foundation to :app;
grant select on foundation.migrations to :app;
grant select, insert, update, delete on
    foundation.jobs, foundation.recurring, foundation.idempotency, foundation.rate_hits, foundation.rate_windows, foundation.person_keys to :app;
grant select, insert, update on foundation.settings to :app;
grant select, update on foundation.clock to :app;
-- append-only
grant select, insert on foundation.audit, foundation.audit_seals, foundation.settings_history to :app;
