-- What people answered to text messages, by the provider's id: a word that is told twice, or replayed, counts once. Neither number nor text is kept.
create table messaging.text_answers (
    sid      text primary key check (length(sid) between 1 and 64),
    word     text not null check (word in ('stop', 'start')),
    taken_at timestamptz not null
);
