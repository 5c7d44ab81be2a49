-- How long gateways take to answer: counts by hour and step, so that any percentile of any day is one small sum.
create table money.gateway_calls (
    gateway  text not null,
    hour     timestamptz not null,
    up_to_ms int not null check (up_to_ms > 0), -- answered within this and not within the step before
    answered boolean not null,                  -- false: no answer, or one that says nothing about the effect
    calls    bigint not null check (calls > 0),
    primary key (gateway, hour, up_to_ms, answered)
);
create index gateway_calls_recent on money.gateway_calls (hour);
