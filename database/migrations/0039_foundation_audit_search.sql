-- The trail is searched by person too: entries with personal facts of theirs.
create index audit_person on foundation.audit (person_id, id) where person_id is not null;
