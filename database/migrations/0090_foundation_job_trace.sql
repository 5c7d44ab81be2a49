-- The trace that a job was made in, as it stands in a traceparent header; null when nobody records traces.
alter table foundation.jobs add column trace text check (length(trace) = 55);
