-- Both sides of a completed booking review each other, blind: a window opens at completion; what is written is published when both have written or the time is over.

create table marketplace.review_windows (
    booking_id   uuid primary key references marketplace.bookings (id) on delete restrict,
    opened_at    timestamptz not null,
    closes_at    timestamptz not null,
    published_at timestamptz,
    withdrawn_at timestamptz,
    check (closes_at > opened_at),
    check (published_at is null or withdrawn_at is null)
);

create table marketplace.reviews (
    id           uuid primary key,
    booking_id   uuid not null references marketplace.review_windows (booking_id) on delete restrict,
    provider_id  uuid not null references marketplace.providers (id) on delete restrict,
    author       text not null check (author in ('customer', 'provider')),
    author_known boolean not null default true,
    rating       int not null check (rating between 1 and 5),
    text         text check (length(text) between 1 and 2000),
    written_at   timestamptz not null,
    published_at timestamptz,
    reply        text check (length(reply) between 1 and 2000),
    replied_at   timestamptz,
    hidden_rule  text check (hidden_rule in ('words', 'not_genuine')),
    hidden_why   text check (length(hidden_why) between 3 and 500),
    hidden_by    uuid,
    hidden_at    timestamptz,
    unique (booking_id, author),
    check (replied_at is null or (author = 'customer' and published_at is not null)),
    check (reply is null or replied_at is not null),
    check (hidden_at is null or published_at is not null),
    check ((hidden_at is null) = (hidden_rule is null) and (hidden_at is null) = (hidden_why is null) and (hidden_at is null) = (hidden_by is null))
);

-- What the public page lists, and what it counts.
create index reviews_of_provider on marketplace.reviews (provider_id, published_at desc, id desc) where author = 'customer' and published_at is not null;
create index reviews_counted on marketplace.reviews (provider_id, rating) where author = 'customer' and published_at is not null and hidden_rule is distinct from 'not_genuine';
create index reviews_published on marketplace.reviews (published_at desc, id desc) where published_at is not null;

-- Who completed a booking before may still review it while its fortnight lasts.
insert into marketplace.review_windows (booking_id, opened_at, closes_at)
select id, completed_at, completed_at + interval '14 days' from marketplace.bookings where state = 'completed' and coalesce(refund_minor, 0) < price_minor;
