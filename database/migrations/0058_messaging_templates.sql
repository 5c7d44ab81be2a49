-- What messages say may be changed: every version that was saved stays, and one row names the one in force. Without a row the built-in words are in force, which are version 0.

create table messaging.template_versions (
    template text not null check (length(template) between 1 and 80),
    version  integer not null check (version between 1 and 10000),
    words    jsonb not null,
    made_at  timestamptz not null,
    made_by  uuid not null,
    why      text not null check (length(why) between 3 and 500),
    primary key (template, version)
);

create table messaging.templates_in_force (
    template   text primary key,
    version    integer not null,
    changed_at timestamptz not null,
    foreign key (template, version) references messaging.template_versions (template, version) on delete restrict
);

-- The version that a message was sent with.
alter table messaging.deliveries add column template_version integer check (template_version >= 0);
