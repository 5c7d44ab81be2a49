-- Somebody said of this device that it is not theirs.
alter table identity.devices add column not_me_at timestamptz check (not_me_at is null or revoked_at is not null);

-- Codes are looked up by account; how many are left is asked at each sign-in.
create index backup_codes_left on identity.backup_codes (account_id) where used_at is null;
