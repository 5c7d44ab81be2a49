-- What a member of staff asks a list again and again. Only the list's own parameters are kept, and none that names a person.
create table operations.saved_filters (
    id         uuid primary key,
    account_id uuid not null, -- whose it is
    list       text not null check (list in ('payments', 'withdrawals', 'bookings', 'people', 'deliveries', 'audit')),
    name       text not null check (length(name) between 1 and 60),
    query      text not null check (length(query) between 1 and 1000),
    created_at timestamptz not null,
    unique (account_id, list, name)
);
