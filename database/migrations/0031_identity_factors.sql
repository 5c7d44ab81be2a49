-- Somebody said of this device that it is not theirs.
alter table identity.devices add column not_me_at timestamptz check (not_me_at is null or revoked_at is not null);

-- An app that is being set up waits beside the one in use, so that nobody is without a factor while changing phones.
alter table identity.totp
    alter column secret drop not null,
    add column next_secret bytea,
    add column next_at timestamptz,
    add check ((next_secret is null) = (next_at is null)),
    add check ((secret is null) = (confirmed_at is null));

-- Codes are looked up by account; how many are left is asked at each sign-in.
create index backup_codes_left on identity.backup_codes (account_id) where used_at is null;
