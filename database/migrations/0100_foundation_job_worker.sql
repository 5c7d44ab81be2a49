-- Which worker runs a job: the number of an advisory lock that its process holds for as long as it lives. Null: a worker from before this column.
alter table foundation.jobs add column worker integer;
