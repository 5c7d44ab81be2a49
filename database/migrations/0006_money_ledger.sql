-- The books whole: commit order, moments, balance rounds, closed periods, exchange, the seal.

-- One row: which life of this database it is (a restored copy begins another, its transaction ids start over), and up to when the books are closed.
create table money.books (
    one          boolean primary key default true check (one),
    epoch        int not null default 1 check (epoch > 0),
    closed_until timestamptz not null default '-infinity'
);
insert into money.books (one) values (true);

create table money.epochs (
    epoch         int primary key,
    why           text not null check (length(why) between 1 and 500),
    began_at      timestamptz not null,
    last_position bigint not null -- how many journals this copy had sealed when it began
);

-- counted_at: when the books count it, where its effective date was closed already; null: at its effective date.
alter table money.journals
    add column epoch int not null default 1,
    add column counted_at timestamptz,
    add constraint journals_counted check (counted_at > effective_at);
create index journals_counted_late on money.journals (effective_at) where counted_at is not null;

-- A moment in commit order. Journals with (epoch, tx) below (epoch, xid) had begun to write before it, all others have an id above floor_id.
-- Once pg_snapshot_xmin has passed xid, what lies below it never changes.
create table money.moments (
    id       bigint generated always as identity primary key,
    at       timestamptz not null unique,
    epoch    int not null,
    xid      xid8 not null,
    floor_id bigint not null,
    unique (epoch, xid)
);

-- What every account stood at, at a moment: for accounts without a balance row, and for the past. Only accounts that moved since the round before.
create table money.balance_rounds (
    moment_id bigint primary key references money.moments (id) on delete restrict,
    reach     timestamptz not null, -- the latest posting it counts
    made_at   timestamptz not null
);
create table money.round_accounts (
    account_id bigint not null references money.accounts (id) on delete restrict,
    moment_id  bigint not null references money.balance_rounds (moment_id) on delete restrict,
    minor      bigint not null,
    primary key (account_id, moment_id)
);
create table money.round_totals (
    moment_id bigint not null references money.balance_rounds (moment_id) on delete restrict,
    kind      text not null,
    currency  text not null,
    minor     bigint not null,
    primary key (moment_id, kind, currency)
);

-- Closed periods. Every journal with an id above last_journal is counted after until.
create table money.closings (
    until        timestamptz primary key,
    last_journal bigint not null,
    closed_at    timestamptz not null,
    closed_by    uuid not null,
    why          text not null check (length(why) between 1 and 500),
    check (until = date_trunc('month', until, 'UTC') and closed_at >= until)
);
-- The balances at the end of a closed period, by the date the books count.
create table money.period_accounts (
    account_id bigint not null references money.accounts (id) on delete restrict,
    until      timestamptz not null references money.closings (until) on delete restrict,
    minor      bigint not null,
    primary key (account_id, until)
);
create table money.period_totals (
    until    timestamptz not null references money.closings (until) on delete restrict,
    kind     text not null,
    currency text not null,
    minor    bigint not null,
    primary key (until, kind, currency)
);
create table money.period_freezes (
    until     timestamptz primary key references money.closings (until) on delete restrict,
    frozen_at timestamptz not null
);

-- Exchange: 1 major unit of base is numerator / denominator major units of quote.
create table money.fx_rates (
    id          uuid primary key,
    base        text not null check (base ~ '^[A-Z]{3}$'),
    quote       text not null check (quote ~ '^[A-Z]{3}$'),
    numerator   bigint not null check (numerator > 0),
    denominator bigint not null check (denominator > 0),
    source      text not null check (length(source) between 1 and 100),
    quoted_at   timestamptz not null,
    recorded_at timestamptz not null,
    recorded_by uuid,
    unique (base, quote, source, quoted_at),
    check (base <> quote)
);
create index fx_rates_newest on money.fx_rates (base, quote, quoted_at desc);
create table money.conversions (
    id            uuid primary key,
    rate_id       uuid not null references money.fx_rates (id) on delete restrict,
    from_kind     text not null,
    from_currency text not null,
    from_minor    bigint not null check (from_minor > 0),
    to_kind       text not null,
    to_currency   text not null,
    to_minor      bigint not null check (to_minor > 0),
    converted_by  uuid,
    why           text not null check (length(why) between 1 and 500),
    converted_at  timestamptz not null,
    check (from_currency <> to_currency)
);
create index conversions_newest on money.conversions (converted_at desc, id desc);

-- The seal: an RFC 6962 Merkle log over the journals in the order (epoch, tx, id). A chunk never crosses a multiple of 256 positions;
-- seal_nodes keeps the root of every full 256, 65,536, … leaves.
create table money.seal_chunks (
    first      bigint primary key check (first >= 0),
    epoch      int not null,
    tx         xid8 not null,
    journal_id bigint not null, -- of its last journal
    journals   bigint[] not null check (cardinality(journals) between 1 and 256),
    leaves     bytea not null,
    sealed_at  timestamptz not null,
    unique (epoch, tx, journal_id),
    check (octet_length(leaves) = 32 * cardinality(journals)),
    check (first / 256 = (first + cardinality(journals) - 1) / 256)
);
create table money.seal_nodes (
    level smallint not null check (level > 0 and level % 8 = 0),
    no    bigint not null check (no >= 0),
    hash  bytea not null check (octet_length(hash) = 32),
    primary key (level, no)
);
create table money.seal_keys (
    kid        text primary key,
    public_key bytea not null,
    sealed_key bytea not null,
    created_at timestamptz not null
);
create table money.seal_checkpoints (
    id        bigint primary key check (id > 0),
    size      bigint not null unique check (size > 0),
    root      bytea not null check (octet_length(root) = 32),
    epoch     int not null,
    kid       text not null references money.seal_keys (kid) on delete restrict,
    signature bytea not null,
    signed_at timestamptz not null
);

-- Writes one balanced journal. Debits are positive, credits negative; the sum is zero per currency or nothing is written.
-- Its transaction id is taken before its id, so that a moment divides both alike. The insert locks money.journals before it reads
-- money.books: who closes a period waits for it, or is seen by it. An effective date in a closed period is kept and counted in the open one.
-- Account by account: a statement over the arrays would be planned anew for each posting. Balances are locked in the order of their accounts.
create or replace function money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamptz, p_posted_at timestamptz,
                                              p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare
    v_tx       xid8 := pg_catalog.pg_current_xact_id();
    v_journal  bigint;
    v_accounts bigint[];
    d          record;
begin
    if coalesce(array_length(p_minors, 1), 0) < 2 or array_length(p_kinds, 1) <> array_length(p_minors, 1)
       or array_length(p_owners, 1) <> array_length(p_minors, 1) or array_length(p_currencies, 1) <> array_length(p_minors, 1) then
        raise exception 'a journal has at least two complete entries' using errcode = '22023';
    end if;
    if p_effective_at > p_posted_at then
        raise exception 'journal % is effective after it is posted', p_reference using errcode = '22023';
    end if;
    if exists (select 1 from unnest(p_currencies, p_minors) as e(currency, minor) group by e.currency having sum(e.minor) <> 0) then
        raise exception 'journal % does not sum to zero', p_reference using errcode = '23514', constraint = 'journal_balanced';
    end if;
    for i in 1 .. array_length(p_minors, 1) loop
        v_accounts[i] := money.account_of(p_kinds[i], p_owners[i], p_currencies[i]);
    end loop;
    insert into money.journals (reference, kind, order_id, effective_at, counted_at, posted_at, epoch, tx)
        select p_reference, p_kind, p_order, p_effective_at,
            case when p_effective_at < b.closed_until then greatest(p_posted_at, b.closed_until) end, p_posted_at, b.epoch, v_tx
        from money.books b returning id into v_journal;
    insert into money.entries (journal_id, no, account_id, minor)
        select v_journal, e.no, e.account, e.minor from unnest(v_accounts, p_minors) with ordinality as e(account, minor, no);
    if cardinality(array_remove(p_owners, null)) > 0 then
        for d in select e.account, sum(e.minor)::bigint as minor from unnest(v_accounts, p_owners, p_minors) as e(account, owner, minor)
                 where e.owner is not null group by e.account order by e.account loop
            update money.balances b set owed_minor = b.owed_minor - d.minor where b.account_id = d.account;
        end loop;
    end if;
    return v_journal;
end $$;

-- Every transaction of this database below it has ended. pg_snapshot_xmin alone would wait for the other databases of the server as well.
create function money.horizon() returns xid8 language sql stable set search_path = '' as $$
    select least(pg_catalog.pg_current_xact_id_if_assigned(), coalesce(min(x.xid), pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())))
    from pg_catalog.pg_snapshot_xip(pg_catalog.pg_current_snapshot()) as x(xid)
    where not exists (
        select 1 from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted and l.transactionid = x.xid::xid and a.datname <> pg_catalog.current_database())
$$;

-- Marks a moment. It must be the first thing its transaction writes: the transaction id taken here has to be younger than the id read here.
create function money.mark_moment(p_at timestamptz) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare
    v_floor bigint;
    v_id    bigint;
begin
    if pg_catalog.pg_current_xact_id_if_assigned() is not null then
        raise exception 'a moment is marked before anything is written' using errcode = '25001';
    end if;
    perform pg_catalog.pg_advisory_xact_lock(7310868);
    select case when s.is_called then s.last_value else 0 end into v_floor from money.journals_id_seq s;
    insert into money.moments (at, epoch, xid, floor_id)
        select greatest(p_at, (select max(m.at) + interval '1 microsecond' from money.moments m)), b.epoch, pg_catalog.pg_current_xact_id(), v_floor from money.books b
        returning id into v_id;
    return v_id;
end $$;

-- Adds up what moved between the round before and the newest settled moment. Null when there is nothing new.
create function money.make_balance_round(p_at timestamptz) returns bigint
    language plpgsql security definer set search_path = '' as $$
declare
    v_from  record;
    v_until record;
begin
    perform pg_catalog.pg_advisory_xact_lock(7310869);
    select m.id, m.epoch, m.xid, m.floor_id, r.reach into v_from
        from money.balance_rounds r join money.moments m on m.id = r.moment_id order by r.moment_id desc limit 1;
    if v_from is null then
        select 0::bigint as id, 0 as epoch, '0'::xid8 as xid, 0::bigint as floor_id, '-infinity'::timestamptz as reach into v_from;
    end if;
    select m.id, m.epoch, m.xid into v_until from money.moments m, money.books b
        where m.epoch < b.epoch or m.xid <= money.horizon() order by m.id desc limit 1;
    if v_until is null or v_until.id <= v_from.id then
        return null;
    end if;
    insert into money.balance_rounds (moment_id, reach, made_at)
        select v_until.id, greatest(v_from.reach, max(j.posted_at)), p_at from money.journals j
        where j.id > v_from.floor_id and (j.epoch, j.tx) >= (v_from.epoch, v_from.xid) and (j.epoch, j.tx) < (v_until.epoch, v_until.xid);
    insert into money.round_accounts (account_id, moment_id, minor)
        select d.account_id, v_until.id, d.minor + coalesce((
            select r.minor from money.round_accounts r where r.account_id = d.account_id order by r.moment_id desc limit 1), 0)
        from (
            select e.account_id, sum(e.minor)::bigint as minor from money.journals j join money.entries e on e.journal_id = j.id
            where j.id > v_from.floor_id and (j.epoch, j.tx) >= (v_from.epoch, v_from.xid) and (j.epoch, j.tx) < (v_until.epoch, v_until.xid)
            group by e.account_id) d;
    insert into money.round_totals (moment_id, kind, currency, minor)
        select v_until.id, t.kind, t.currency, sum(t.minor)::bigint from (
            select r.kind, r.currency, r.minor from money.round_totals r where r.moment_id = v_from.id
            union all
            select a.kind, a.currency, e.minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
            where j.id > v_from.floor_id and (j.epoch, j.tx) >= (v_from.epoch, v_from.xid) and (j.epoch, j.tx) < (v_until.epoch, v_until.xid)) t
        group by t.kind, t.currency;
    return v_until.id;
end $$;

-- Closes the books up to the start of a month (UTC). Waits at most two seconds for postings under way; what posts after it sees it.
create function money.close_period(p_until timestamptz, p_by uuid, p_at timestamptz, p_why text) returns void
    language plpgsql security definer set search_path = '' set lock_timeout = '2s' as $$
begin
    lock table money.journals in share mode;
    update money.books b set closed_until = p_until where b.closed_until < p_until;
    if not found then
        raise exception 'the books are closed up to there' using errcode = '23514', constraint = 'books_forward';
    end if;
    insert into money.closings (until, last_journal, closed_at, closed_by, why)
        select p_until, case when s.is_called then s.last_value else 0 end, p_at, p_by, p_why from money.journals_id_seq s;
end $$;

-- The balances at the end of a closed period; nothing can be counted into it any more, so they are added up once.
create function money.freeze_period(p_until timestamptz, p_at timestamptz) returns void
    language plpgsql security definer set search_path = '' as $$
declare
    v_from  timestamptz;
    v_floor bigint;
    v_last  bigint;
begin
    perform pg_catalog.pg_advisory_xact_lock(7310870);
    if exists (select 1 from money.period_freezes f where f.until = p_until) then
        return;
    end if;
    select c.last_journal into strict v_last from money.closings c where c.until = p_until;
    select max(f.until) into v_from from money.period_freezes f where f.until < p_until;
    if exists (select 1 from money.closings c where c.until < p_until and c.until > coalesce(v_from, '-infinity')) then
        raise exception 'the period before is not frozen yet' using errcode = '55000';
    end if;
    -- Nothing is effective after it is posted: what counts after v_from has an id above that of a moment well before it.
    select coalesce(max(m.floor_id), 0) into v_floor from money.moments m where m.at < v_from - interval '1 hour';
    insert into money.period_accounts (account_id, until, minor)
        select d.account_id, p_until, d.minor + coalesce((
            select p.minor from money.period_accounts p where p.account_id = d.account_id and p.until < p_until order by p.until desc limit 1), 0)
        from (
            select e.account_id, sum(e.minor)::bigint as minor from money.journals j join money.entries e on e.journal_id = j.id
            where j.id > v_floor and j.id <= v_last and coalesce(j.counted_at, j.effective_at) >= coalesce(v_from, '-infinity')
              and coalesce(j.counted_at, j.effective_at) < p_until
            group by e.account_id) d;
    insert into money.period_totals (until, kind, currency, minor)
        select p_until, t.kind, t.currency, sum(t.minor)::bigint from (
            select a.kind, a.currency, p.minor - coalesce((
                select before.minor from money.period_accounts before where before.account_id = p.account_id and before.until < p_until order by before.until desc limit 1), 0) as minor
            from money.period_accounts p join money.accounts a on a.id = p.account_id where p.until = p_until
            union all
            select t.kind, t.currency, t.minor from money.period_totals t where t.until = v_from) t
        group by t.kind, t.currency;
    insert into money.period_freezes (until, frozen_at) values (p_until, p_at);
end $$;

-- For the owner, after a copy was restored: what this copy posts from now on comes after all it has, whatever the new server's transaction ids are.
create function money.begin_epoch(p_why text) returns int
    language plpgsql security definer set search_path = '' as $$
declare
    v_epoch int;
begin
    lock table money.journals in share mode;
    update money.books b set epoch = b.epoch + 1 returning b.epoch into strict v_epoch;
    insert into money.epochs (epoch, why, began_at, last_position)
        values (v_epoch, p_why, pg_catalog.clock_timestamp(), coalesce((select max(c.first + cardinality(c.journals)) from money.seal_chunks c), 0));
    return v_epoch;
end $$;

-- Closing and epochs only move forward, whoever updates.
create function money.books_move_forward() returns trigger language plpgsql set search_path = '' as $$
begin
    if new.epoch < old.epoch or new.closed_until < old.closed_until then
        raise exception 'the books move forward only' using errcode = '23514', constraint = 'books_forward';
    end if;
    return new;
end $$;
create trigger books_forward before update on money.books for each row execute function money.books_move_forward();

insert into identity.role_permissions (role, permission) values ('finance', 'ledger.view'), ('finance', 'ledger.close'), ('finance', 'ledger.convert');
