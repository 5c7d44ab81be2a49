-- What is said about services and projects. A document has versions that never change, and points at the one that is public; an address once public stays its document's.
create schema content;

create table content.documents (
    id                 uuid primary key,
    kind               text not null check (kind in ('page', 'post', 'project', 'testimonial', 'service_text', 'menu', 'site')),
    subject            text check (length(subject) between 1 and 60), -- what a service text, a menu or the site's settings belong to
    revision           integer not null check (revision between 1 and 10000), -- the newest version
    published_version  integer,
    first_published_at timestamptz,
    published_at       timestamptz, -- when the version that is or was last public became so
    preview_epoch      integer not null default 0 check (preview_epoch >= 0),
    created_at         timestamptz not null,
    changed_at         timestamptz not null,
    check ((subject is null) = (kind not in ('service_text', 'menu', 'site'))),
    check (published_version between 1 and revision),
    check (published_version is null or published_at is not null),
    check ((first_published_at is null) = (published_at is null))
);

create unique index documents_of_subject on content.documents (kind, subject) where subject is not null;
create index documents_public on content.documents (kind, first_published_at desc, id desc) where published_version is not null;
create index documents_changed on content.documents (changed_at desc, id desc);

create table content.versions (
    document_id   uuid not null references content.documents (id) on delete restrict,
    version       integer not null check (version between 1 and 10000),
    texts         jsonb not null,
    made_at       timestamptz not null,
    made_by       uuid, -- null: the product itself
    note          text check (length(note) between 1 and 500),
    restored_from integer check (restored_from < version),
    primary key (document_id, version)
);

create index versions_made_by on content.versions (made_by);

alter table content.documents add foreign key (id, published_version) references content.versions (document_id, version) on delete restrict;

create table content.slugs (
    kind        text not null check (kind in ('page', 'post', 'project')),
    locale      text not null check (locale in ('en', 'ar')),
    slug        text not null check (length(slug) between 1 and 80),
    document_id uuid not null references content.documents (id) on delete restrict,
    claimed_at  timestamptz not null,
    primary key (kind, locale, slug)
);

create index slugs_of_document on content.slugs (document_id, claimed_at);

create table content.schedules (
    id          uuid primary key,
    document_id uuid not null references content.documents (id) on delete restrict,
    act         text not null check (act in ('publish', 'unpublish')),
    version     integer,
    wall_time   text not null check (length(wall_time) = 16),
    zone        text not null check (length(zone) between 1 and 60),
    at          timestamptz not null, -- of that wall time by the zone's rules as they were last looked up
    state       text not null default 'waiting' check (state in ('waiting', 'done', 'lapsed', 'cancelled')),
    reason      text check (length(reason) between 1 and 100), -- code of what stood against it
    made_by     uuid not null,
    made_at     timestamptz not null,
    ended_at    timestamptz,
    foreign key (document_id, version) references content.versions (document_id, version) on delete restrict,
    check ((act = 'publish') = (version is not null)),
    check ((state = 'waiting') = (ended_at is null)),
    check ((state = 'lapsed') = (reason is not null))
);

create unique index schedules_waiting on content.schedules (document_id, act) where state = 'waiting';
create index schedules_of_document on content.schedules (document_id, made_at desc);
