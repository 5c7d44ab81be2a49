-- Reports of gateways and statements of banks, matched with our own rows.

create index payments_gateway_payment on money.payments (gateway_payment, gateway) where gateway_payment is not null;
create index payments_captured on money.payments (gateway, captured_at, id) where captured_at is not null;
create index refunds_gateway_ref on money.refunds (gateway_ref) where gateway_ref is not null;
create index refunds_completed on money.refunds (completed_at, id) where completed_at is not null;
create index disputes_withdrawn on money.disputes (gateway, withdrawn_at, id) where withdrawn_at is not null;
create index disputes_reinstated on money.disputes (gateway, reinstated_at, id) where reinstated_at is not null;
create index payouts_completed on money.payouts (gateway, completed_at, id) where completed_at is not null;

-- What a gateway ought to take of a capture: the newest rule in force when it happened, one for the currency before one for all.
create table money.gateway_fee_rules (
    id           bigint generated always as identity primary key,
    gateway      text not null,
    currency     text check (currency ~ '^[A-Z]{3}$'),
    basis_points int not null check (basis_points between 0 and 10000),
    fixed_minor  bigint not null check (fixed_minor >= 0),
    from_at      timestamptz not null,
    set_by       uuid not null,
    set_at       timestamptz not null,
    check (currency is not null or fixed_minor = 0) -- a fixed part is an amount of one currency
);
create index gateway_fee_rules_of on money.gateway_fee_rules (gateway, from_at desc);

-- Rows that need no counterpart, by name: a rule of people, not a guess.
create table money.explain_rules (
    id          bigint generated always as identity primary key,
    name        text not null unique check (length(name) between 1 and 60),
    source      text not null,
    line_kind   text not null,
    text_part   text not null check (length(text_part) between 1 and 100), -- stands anywhere in the row's text, in any case
    reason      text not null check (length(reason) between 1 and 500),
    set_by      uuid not null,
    set_at      timestamptz not null,
    retired_at  timestamptz
);

-- One run: a file or a window of a gateway, read, matched and compared with what we have.
create table money.reconciliations (
    id           uuid primary key,
    source       text not null check (source ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    side         text not null check (side in ('gateway', 'bank')),
    format       text not null check (format in ('api', 'stripe_csv', 'plain_csv', 'camt053')),
    name         text not null check (length(name) between 1 and 200),
    fingerprint  bytea not null check (length(fingerprint) in (16, 32)),
    state        text not null check (state in ('receiving', 'held', 'matching', 'repairing', 'comparing', 'done', 'discarded', 'lost')),
    from_at      timestamptz,
    to_at        timestamptz,
    cursor_text  text,
    rows         int not null default 0 check (rows >= 0),
    done_rows    int not null default 0 check (done_rows between 0 and rows),
    repaired     int not null default 0,
    note         text,
    lease_until  timestamptz, -- of an upload: real time by which it must have written again, or it was cut off
    started_by   uuid,
    started_at   timestamptz not null,
    changed_at   timestamptz not null,
    finished_at  timestamptz,
    check ((state = 'done') = (finished_at is not null)),
    check (from_at is null or to_at is null or from_at <= to_at)
) with (fillfactor = 70);
create unique index reconciliations_once on money.reconciliations (source, fingerprint) where state not in ('receiving', 'discarded', 'lost');
create index reconciliations_uploads on money.reconciliations (lease_until) where state = 'receiving' and lease_until is not null;
create index reconciliations_recent on money.reconciliations (started_at desc, id desc);

-- What the file says of itself, per currency.
create table money.reconciliation_currencies (
    reconciliation_id uuid not null references money.reconciliations (id) on delete restrict,
    currency          text not null,
    rows              bigint not null,
    gross_minor       bigint not null,
    fee_minor         bigint not null,
    net_minor         bigint not null,
    opening_minor     bigint,
    closing_minor     bigint,
    primary key (reconciliation_id, currency)
);

-- What became of its rows. Together they are the file, to the minor unit.
create table money.reconciliation_totals (
    reconciliation_id uuid not null references money.reconciliations (id) on delete restrict,
    currency          text not null,
    outcome           text not null check (outcome in ('matched', 'explained', 'open', 'known')),
    rows              bigint not null default 0 check (rows >= 0),
    gross_minor       bigint not null default 0,
    fee_minor         bigint not null default 0,
    net_minor         bigint not null default 0,
    primary key (reconciliation_id, currency, outcome)
);

-- Rows as they were read, until they are matched. Not logged: after a crash of the database the file is given again.
create unlogged table money.report_staged (
    reconciliation_id uuid not null,
    no                int not null,
    external_id       text not null,
    repeated          boolean not null,
    kind              text not null,
    currency          text not null,
    gross_minor       bigint not null,
    fee_minor         bigint not null,
    net_minor         bigint not null,
    at                timestamptz not null,
    arrives_on        date,
    our_id            uuid,
    others            uuid[],
    gateway_ref       text,
    batch_ref         text,
    text              text,
    primary key (reconciliation_id, no)
);

-- Every row of every report, once, whichever files it stands in.
create table money.report_lines (
    id                bigint generated always as identity primary key,
    reconciliation_id uuid not null, -- not checked row by row, a million times: rows are written by the transaction that moves their run on, and no run is ever deleted
    no                int not null,
    source            text not null,
    external_id       text not null check (length(external_id) between 1 and 120),
    kind              text not null check (kind in (
        'charge', 'refund', 'refund_back', 'payout', 'payout_back', 'dispute', 'dispute_back', 'fee', 'settlement', 'settlement_back', 'other', -- of a gateway
        'credit', 'debit')), -- of a bank
    currency          text not null check (currency ~ '^[A-Z]{3}$'),
    gross_minor       bigint not null,
    fee_minor         bigint not null,
    net_minor         bigint not null,
    at                timestamptz not null,
    arrives_on        date,
    gateway_ref       text,
    batch_ref         text,
    text              text,
    about_id          uuid,   -- the row of ours that it names
    subject_kind      text check (subject_kind in ('payment', 'refund', 'refund_back', 'payout', 'payout_back', 'dispute', 'dispute_back', 'settlement')),
    subject_id        uuid,   -- the row of ours that it is: at most one line each, except of a dispute, which may be taken and given back in parts
    subject_part      int not null default 1,
    state             text not null check (state in ('matched', 'explained', 'open')),
    class             text check (class in ('missing_here', 'different_amount', 'different_currency', 'duplicate', 'changed_fee', 'merged')),
    how               text not null,
    expected_fee_minor bigint,
    fee_journal       text,
    check (gross_minor - fee_minor = net_minor),
    check ((state = 'open') = (class is not null)),
    check ((subject_id is null) = (subject_kind is null)),
    check (subject_part = 1 or subject_kind in ('dispute', 'dispute_back')),
    unique (external_id, source)
) with (fillfactor = 95);
create unique index report_lines_subject on money.report_lines (subject_id, subject_kind, subject_part) where subject_id is not null;
create index report_lines_open on money.report_lines (reconciliation_id, no) where state = 'open';
create index report_lines_missing on money.report_lines (source, id) where state = 'open' and subject_id is null;
create index report_lines_settlements on money.report_lines (reconciliation_id, no) where kind in ('settlement', 'settlement_back');
create index report_lines_run on money.report_lines using brin (id, reconciliation_id);


-- A row of a report that is several rows of ours.
create table money.report_links (
    subject_kind text not null,
    subject_id   uuid not null,
    line_id      bigint not null references money.report_lines (id) on delete restrict,
    minor        bigint not null,
    primary key (subject_kind, subject_id)
);
create index report_links_line on money.report_links (line_id);

-- What a gateway says it sent to our bank.
create table money.gateway_settlements (
    id           uuid primary key,
    source       text not null,
    reference    text not null,
    line_id      bigint not null unique references money.report_lines (id) on delete restrict,
    currency     text not null,
    minor        bigint not null,
    sent_at      timestamptz not null,
    arrives_on   date not null,
    bank_line_id bigint references money.report_lines (id) on delete restrict, -- several may have come as one
    returned_at  timestamptz
);
create unique index gateway_settlements_reference on money.gateway_settlements (source, reference);
create index gateway_settlements_waiting on money.gateway_settlements (currency, minor) where bank_line_id is null and returned_at is null;

-- What does not agree, until a row of the other side, a rule or a person says why.
create table money.reconciliation_exceptions (
    id                uuid primary key,
    reconciliation_id uuid not null references money.reconciliations (id) on delete restrict,
    source            text not null,
    class             text not null check (class in (
        'missing_here', 'missing_there', 'different_amount', 'different_currency', 'duplicate', 'changed_fee', 'merged', 'late', 'totals')),
    line_id           bigint references money.report_lines (id) on delete restrict,
    subject_kind      text,
    subject_id        uuid,
    currency          text not null,
    expected_minor    bigint not null,
    reported_minor    bigint not null,
    happened_at       timestamptz,
    state             text not null default 'open' check (state in ('open', 'explained', 'resolved')),
    team              text not null,
    owner_id          uuid,
    due_at            timestamptz not null,
    opened_at         timestamptz not null,
    closed_at         timestamptz,
    closed_by         uuid,
    reason            text,
    revision          int not null default 1,
    check ((state = 'open') = (closed_at is null)),
    check ((state = 'open') = (reason is null)),
    check (class = 'totals' or num_nonnulls(line_id, subject_id) > 0)
);
create unique index reconciliation_exceptions_line on money.reconciliation_exceptions (line_id) where line_id is not null and state = 'open';
create unique index reconciliation_exceptions_subject on money.reconciliation_exceptions (subject_kind, subject_id) where line_id is null and subject_id is not null and state = 'open';
create index reconciliation_exceptions_missing on money.reconciliation_exceptions (subject_id, subject_kind) where line_id is null;
create index reconciliation_exceptions_of_line on money.reconciliation_exceptions (line_id) where line_id is not null;
create index reconciliation_exceptions_run on money.reconciliation_exceptions (reconciliation_id, id);
create index reconciliation_exceptions_open on money.reconciliation_exceptions (due_at, id) where state = 'open';
create index reconciliation_exceptions_recent on money.reconciliation_exceptions (id desc);

create table money.reconciliation_notes (
    id           bigint generated always as identity primary key,
    exception_id uuid not null references money.reconciliation_exceptions (id) on delete restrict,
    at           timestamptz not null,
    actor        text not null,
    kind         text not null,
    text         text not null check (length(text) between 1 and 1000)
);
create index reconciliation_notes_of on money.reconciliation_notes (exception_id, id);
