-- What a passkey is asked for says whom it is about: nobody at sign-in, an account when one is added, an account and its challenge in a second step.

alter table identity.passkey_asks add check ((kind = 'sign_in') = (account_id is null) and (kind = 'second_step') = (challenge_id is not null));
create index passkey_asks_of_challenge on identity.passkey_asks (challenge_id) where challenge_id is not null;
