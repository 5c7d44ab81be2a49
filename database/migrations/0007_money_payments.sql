-- Payments, part two: what is heard without proof, and clocks that disagree.

-- The inbox keeps everything as it came: proven messages are believed, hints and browsers' returns only make us ask.
alter table money.webhooks add column proof text not null default 'proven' check (proof in ('proven', 'hint', 'return'));
alter table money.webhooks add column sender inet;
alter table money.webhooks add column payment_id uuid;
create index webhooks_unmatched on money.webhooks (id) where state = 'unmatched';
create index webhooks_of_payment on money.webhooks (payment_id, id) where payment_id is not null;

-- Messages of which everything held but the time, counted per five minutes: their clock or ours is wrong.
create table money.clock_doubts (
    gateway     text not null,
    since       timestamptz not null,
    count       int not null check (count > 0),
    seconds_off bigint not null, -- of the last one: positive when it was signed before our present
    primary key (gateway, since)
);

-- Held money is taken later, in parts where the gateway can; an order of nothing is paid without a payment.
alter table money.orders add column capture_later boolean not null default false;
alter table money.orders add column ordered_minor bigint check (ordered_minor > total_minor); -- what was ordered, when less was taken of it
alter table money.orders drop constraint orders_total_minor_check, drop constraint orders_check1;
alter table money.orders add constraint orders_total_minor_check check (total_minor >= 0);
alter table money.orders add constraint orders_paid_by check ((state = 'paid' and total_minor > 0) = (paid_payment_id is not null));

alter table money.payments add column capture_later boolean not null default false;
alter table money.payments add column can_refund boolean not null default true; -- what its gateway said when it began
alter table money.payments add column can_refund_part boolean not null default true;
alter table money.payments add column phone_sealed bytea; -- where the customer is asked, for gateways that ask by phone
alter table money.payments add column hold_lasts interval not null default '7 days';
alter table money.payments add column authorized_at timestamptz;
alter table money.payments add column authorized_until timestamptz;
alter table money.payments add column hold_over boolean not null default false; -- nothing more of what was held can be taken

-- capturing_minor is what the gateway was asked to take and has not answered.
alter table money.payment_guards add column capturing_minor bigint not null default 0 check (capturing_minor >= 0);
alter table money.payment_guards add constraint payment_guards_captures check (captured_minor + capturing_minor <= authorized_minor);

create table money.captures (
    id           uuid primary key,
    payment_id   uuid not null references money.payments (id) on delete restrict,
    state        text not null check (state in ('pending', 'unknown', 'completed', 'failed')),
    currency     text not null,
    minor        bigint not null check (minor > 0),
    final        boolean not null,
    requested_by uuid,
    created_at   timestamptz not null,
    ended_at     timestamptz,
    failure_text text,
    checks       int not null default 0,
    check ((state in ('completed', 'failed')) = (ended_at is not null))
);
create index captures_payment on money.captures (payment_id, id);
create unique index captures_one_asked on money.captures (payment_id) where state in ('pending', 'unknown');

insert into identity.role_permissions (role, permission) values ('finance', 'payment.capture');

-- What was quarantined, so that it can be sent back or accepted, and what a person made of it.
alter table money.quarantine add column fact_state text;
alter table money.quarantine add column currency text;
alter table money.quarantine add column minor bigint;
alter table money.quarantine add column gateway_payment text;
alter table money.quarantine add column resolution text check (resolution in ('sent_back', 'accepted', 'explained'));
alter table money.quarantine add column resolved_by uuid;
alter table money.quarantine add column resolved_at timestamptz;
alter table money.quarantine add column resolved_why text check (length(resolved_why) between 1 and 500);
alter table money.quarantine add constraint quarantine_resolved check (num_nulls(resolution, resolved_at, resolved_why) in (0, 3));
create index quarantine_open on money.quarantine (id) where resolved_at is null;

-- Money that was quarantined and goes back to where it came from, by the gateway's own name for it.
create table money.send_backs (
    id              uuid primary key,
    quarantine_id   bigint not null references money.quarantine (id) on delete restrict,
    payment_id      uuid not null references money.payments (id) on delete restrict,
    order_id        uuid not null references money.orders (id) on delete restrict,
    state           text not null check (state in ('pending', 'unknown', 'completed', 'failed')),
    gateway         text not null,
    gateway_payment text not null,
    currency        text not null,
    minor           bigint not null check (minor > 0),
    failure_text    text,
    requested_by    uuid,
    created_at      timestamptz not null,
    ended_at        timestamptz,
    checks          int not null default 0,
    check ((state in ('completed', 'failed')) = (ended_at is not null))
);
create unique index send_backs_once on money.send_backs (quarantine_id) where state <> 'failed';

insert into identity.role_permissions (role, permission) values ('finance', 'payment.resolve');
