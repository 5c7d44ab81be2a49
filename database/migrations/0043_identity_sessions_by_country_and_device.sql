-- The staff's list of sessions by country and device together: two indexes that each hold a tenth of a million rows are slow to walk when few rows are in both.
create index sessions_newest_of_country_and_device on identity.sessions (country, device_type, created_at desc, id desc);
