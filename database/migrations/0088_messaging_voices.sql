-- Reminders as speech, made when somebody asked to hear one. Found by a keyed hash of words and voice; gone with the person who asked, and after forty days.
create table messaging.voices (
    key       bytea primary key check (length(key) = 32),
    person_id uuid not null,
    audio     bytea not null check (length(audio) between 1 and 2097152),
    made_at   timestamptz not null
);
create index voices_of_person on messaging.voices (person_id);
create index voices_by_age on messaging.voices (made_at);
