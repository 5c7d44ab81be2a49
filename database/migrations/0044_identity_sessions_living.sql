-- The staff's list of living sessions of one device, country or kind: found in the order of the list, without reading every open session to sort a few.
drop index identity.sessions_newest_open;
create index sessions_newest_open on identity.sessions (created_at desc, id desc) include (device_type, country, kind) where ended_at is null;
