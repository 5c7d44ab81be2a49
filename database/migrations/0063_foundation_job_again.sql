-- A wish that comes while the job of its key is running: what is running may have looked already, so it runs once more.
alter table foundation.jobs add column again boolean not null default false;
