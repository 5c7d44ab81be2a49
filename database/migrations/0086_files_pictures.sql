-- Pictures: what others see of one is made anew, without what its camera wrote into it, beside a small one; and photos of work, before and after.
alter table files.uploads
    add column kind           text not null default 'file' check (kind in ('file', 'before', 'after')),
    add column width          int check (width between 1 and 16384),
    add column height         int check (height between 1 and 16384),
    add column preview        text not null default 'none' check (preview in ('none', 'waiting', 'making', 'made', 'failed')),
    add column preview_reason text check (length(preview_reason) <= 100),
    add column preview_tries  int not null default 0 check (preview_tries between 0 and 10),
    add column preview_at     timestamptz,
    add column shown_sha256   bytea check (length(shown_sha256) = 32),
    add column shown_bytes    int check (shown_bytes > 0),
    add column small_sha256   bytea check (length(small_sha256) = 32),
    add column small_bytes    int check (small_bytes > 0),
    add check (preview <> 'made' or num_nulls(shown_sha256, shown_bytes, small_sha256, small_bytes) = 0),
    add check ((preview = 'failed') = (preview_reason is not null)),
    add check (kind = 'file' or content_type like 'image/%');
update files.uploads set preview = 'waiting' where state = 'ready' and content_type like 'image/%';
create index uploads_to_preview on files.uploads (id) where preview in ('waiting', 'making');
