-- Signing keys of two algorithms, whose private half is wrapped by the master key or by a security module.
alter table identity.signing_keys
    add column algorithm text not null default 'ES256' check (algorithm in ('ES256', 'RS256')),
    add column sealed_by text not null default 'master' check (sealed_by in ('master', 'pkcs11'));
