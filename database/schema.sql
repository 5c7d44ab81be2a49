-- Made by ./db schema from database/migrations. Do not edit: a test compares.

CREATE SCHEMA content;

CREATE SCHEMA files;

CREATE SCHEMA foundation;

CREATE SCHEMA identity;

CREATE SCHEMA marketplace;

CREATE SCHEMA messaging;

CREATE SCHEMA money;

CREATE SCHEMA operations;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE FUNCTION marketplace.plain(said text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
    select replace(' ' || translate(translate(lower(said),
        'أإآٱةىؤئیکھ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹áàâäãåéèêëíìîïóòôöõúùûüçñـًٌٍَُِّْٰٕٓٔ',
        'ااااهيوييكه01234567890123456789aaaaaaeeeeiiiiooooouuuucn'),
        '-_/.,;:!?()[]{}<>"''@#&+*=|\~^%$`،؛؟«»“”‘’…–—', repeat(' ', 44)), ' ال', ' ')
$_$;

CREATE FUNCTION marketplace.set_service_words() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.words := to_tsvector('simple', marketplace.plain(concat_ws(' ', new.name, new.name_ar, new.description,
        (select p.display_name || ' ' || p.headline from marketplace.providers p where p.id = new.provider_id))));
    return new;
end
$$;

CREATE FUNCTION marketplace.set_words_of_provider() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    update marketplace.services set description = description where provider_id = new.id;
    return null;
end
$$;

CREATE FUNCTION money.account_of(p_kind text, p_owner uuid, p_currency text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare v_id bigint;
begin
    loop
        if p_owner is null then
            select a.id into v_id from money.accounts a where a.kind = p_kind and a.owner_id is null and a.currency = p_currency;
        else
            select a.id into v_id from money.accounts a where a.kind = p_kind and a.owner_id = p_owner and a.currency = p_currency;
        end if;
        if v_id is not null then return v_id; end if;
        insert into money.accounts (kind, owner_id, currency) values (p_kind, p_owner, p_currency) on conflict do nothing returning id into v_id;
        continue when v_id is null;
        if p_owner is not null then insert into money.balances (account_id, owed_minor) values (v_id, 0); end if;
        return v_id;
    end loop;
end $$;

CREATE FUNCTION money.begin_epoch(p_why text) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_epoch int;
begin
    lock table money.journals in share mode;
    update money.books b set epoch = b.epoch + 1 returning b.epoch into strict v_epoch;
    insert into money.epochs (epoch, why, began_at, last_position)
        values (v_epoch, p_why, pg_catalog.clock_timestamp(), coalesce((select max(c.first + cardinality(c.journals)) from money.seal_chunks c), 0));
    return v_epoch;
end $$;

CREATE FUNCTION money.books_move_forward() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    if new.epoch < old.epoch or new.closed_until < old.closed_until then
        raise exception 'the books move forward only' using errcode = '23514', constraint = 'books_forward';
    end if;
    return new;
end $$;

CREATE FUNCTION money.close_period(p_until timestamp with time zone, p_by uuid, p_at timestamp with time zone, p_why text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    SET lock_timeout TO '2s'
    AS $$
begin
    lock table money.journals in share mode;
    update money.books b set closed_until = p_until where b.closed_until < p_until;
    if not found then
        raise exception 'the books are closed up to there' using errcode = '23514', constraint = 'books_forward';
    end if;
    insert into money.closings (until, last_journal, closed_at, closed_by, why)
        select p_until, case when s.is_called then s.last_value else 0 end, p_at, p_by, p_why from money.journals_id_seq s;
end $$;

CREATE FUNCTION money.freeze_period(p_until timestamp with time zone, p_at timestamp with time zone) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION money.horizon() RETURNS xid8
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select least(pg_catalog.pg_current_xact_id_if_assigned(), coalesce(min(x.xid), pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())))
    from pg_catalog.pg_snapshot_xip(pg_catalog.pg_current_snapshot()) as x(xid)
    where not exists (
        select 1 from pg_catalog.pg_locks l join pg_catalog.pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'transactionid' and l.mode = 'ExclusiveLock' and l.granted and l.transactionid = x.xid::xid and a.datname <> pg_catalog.current_database())
$$;

CREATE FUNCTION money.issue_invoice(p_id uuid, p_kind text, p_series text, p_order uuid, p_invoice uuid, p_payment uuid, p_refund uuid, p_buyer uuid, p_provider uuid, p_currency text, p_total bigint, p_tax bigint, p_deposit boolean, p_deducts uuid, p_language text, p_buyer_sealed bytea, p_content text, p_due_at timestamp with time zone, p_issued_at timestamp with time zone, p_issued_by uuid, p_link bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_no     bigint;
    v_number text;
begin
    if p_kind = 'credit_note' then
        update money.invoice_guards g set credited_minor = g.credited_minor + p_total, voided = (g.credited_minor + p_total = g.total_minor)
            where g.invoice_id = p_invoice and not g.voided and g.credited_minor + p_total <= g.total_minor;
        if not found then
            raise exception 'more than is left of invoice % cannot be credited', p_invoice using errcode = '23514', constraint = 'invoice_credited';
        end if;
    end if;
    insert into money.invoice_series as s (series, last_no) values (p_series, 1)
        on conflict (series) do update set last_no = s.last_no + 1 returning s.last_no into v_no;
    v_number := p_series || lpad(v_no::text, greatest(6, length(v_no::text)), '0');
    insert into money.invoices (id, kind, series, no, number, order_id, invoice_id, payment_id, refund_id, buyer_id, provider_id, currency, total_minor, tax_minor, deposit, deducts,
            language, buyer_sealed, content, content_sha256, due_at, issued_at, issued_by)
        values (p_id, p_kind, p_series, v_no, v_number, p_order, p_invoice, p_payment, p_refund, p_buyer, p_provider, p_currency, p_total, p_tax, p_deposit, p_deducts,
            p_language, p_buyer_sealed, p_content, sha256(convert_to(p_content, 'UTF8')), p_due_at, p_issued_at, p_issued_by);
    if p_kind = 'invoice' then
        insert into money.invoice_guards (invoice_id, order_id, total_minor) values (p_id, p_order, p_total);
    end if;
    if p_link is not null then
        insert into money.pay_links (token_sha256, invoice_id, made_at) values (p_link, p_id, p_issued_at);
    end if;
    return v_number;
end $$;

CREATE FUNCTION money.lock_balance(p_kind text, p_owner uuid, p_currency text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_id bigint := money.account_of(p_kind, p_owner, p_currency); -- first: a balance that this makes has to be seen by the next statement
    v_owed bigint;
begin
    select b.owed_minor into strict v_owed from money.balances b where b.account_id = v_id for update;
    return v_owed;
end $$;

CREATE FUNCTION money.lock_balances(p_owner uuid, p_currency text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare v_count bigint;
begin
    select count(*) into v_count from (
        select b.account_id from money.balances b join money.accounts a on a.id = b.account_id
        where a.owner_id = p_owner and a.currency = p_currency order by b.account_id for update of b) locked;
    return v_count;
end $$;

CREATE FUNCTION money.make_balance_round(p_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION money.mark_moment(p_at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
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

CREATE FUNCTION money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamp with time zone, p_posted_at timestamp with time zone, p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_tx       xid8 := pg_catalog.pg_current_xact_id();
    v_lines    int := coalesce(array_length(p_minors, 1), 0);
    v_journal  bigint;
    v_accounts bigint[];
    v_account  bigint;
    v_last     bigint := 0;
    v_sum      numeric;
begin
    if v_lines < 2 or array_length(p_kinds, 1) <> v_lines or array_length(p_owners, 1) <> v_lines or array_length(p_currencies, 1) <> v_lines then
        raise exception 'a journal has at least two complete entries' using errcode = '22023';
    end if;
    if p_effective_at > p_posted_at then
        raise exception 'journal % is effective after it is posted', p_reference using errcode = '22023';
    end if;
    for i in 1 .. v_lines loop
        continue when array_position(p_currencies, p_currencies[i]) < i;
        v_sum := 0;
        for j in i .. v_lines loop
            if p_currencies[j] = p_currencies[i] then v_sum := v_sum + p_minors[j]; end if;
        end loop;
        if v_sum <> 0 then
            raise exception 'journal % does not sum to zero', p_reference using errcode = '23514', constraint = 'journal_balanced';
        end if;
    end loop;
    for i in 1 .. v_lines loop
        if p_owners[i] is null then
            select a.id into v_account from money.accounts a where a.kind = p_kinds[i] and a.owner_id is null and a.currency = p_currencies[i];
        else
            select a.id into v_account from money.accounts a where a.kind = p_kinds[i] and a.owner_id = p_owners[i] and a.currency = p_currencies[i];
        end if;
        v_accounts[i] := coalesce(v_account, money.account_of(p_kinds[i], p_owners[i], p_currencies[i]));
    end loop;
    insert into money.journals (reference, kind, order_id, effective_at, counted_at, posted_at, epoch, tx)
        select p_reference, p_kind, p_order, p_effective_at,
            case when p_effective_at < b.closed_until then greatest(p_posted_at, b.closed_until) end, p_posted_at, b.epoch, v_tx
        from money.books b returning id into v_journal;
    insert into money.entries (journal_id, no, account_id, minor)
        select v_journal, e.no, e.account, e.minor from unnest(v_accounts, p_minors) with ordinality as e(account, minor, no);
    loop
        v_account := null;
        for i in 1 .. v_lines loop
            if p_owners[i] is not null and v_accounts[i] > v_last and (v_account is null or v_accounts[i] < v_account) then v_account := v_accounts[i]; end if;
        end loop;
        exit when v_account is null;
        v_sum := 0;
        for i in 1 .. v_lines loop
            if v_accounts[i] = v_account then v_sum := v_sum + p_minors[i]; end if;
        end loop;
        update money.balances b set owed_minor = b.owed_minor - v_sum::bigint where b.account_id = v_account;
        v_last := v_account;
    end loop;
    return v_journal;
end $$;

CREATE FUNCTION money.stays() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO ''
    AS $$
begin
    raise exception 'what is in money.% stays', tg_table_name using errcode = '23001', constraint = 'ledger_stays';
end $$;

CREATE FUNCTION operations.forget_webhooks(p_before timestamp with time zone, p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO ''
    AS $$
declare
    v_events uuid[];
begin
    v_events := array(
        select v.id from operations.webhook_events v where v.occurred_at < p_before and v.fanned_at is not null and not operations.webhook_is_due(v.id)
        order by v.occurred_at, v.no limit p_limit for update of v skip locked);
    v_events := array(select id from unnest(v_events) as x(id) where not operations.webhook_is_due(id)); -- somebody may have asked for it before it was locked
    delete from operations.webhook_attempts a using operations.webhook_deliveries d where d.event_id = any (v_events) and a.endpoint_id = d.endpoint_id and a.event_id = d.event_id;
    delete from operations.webhook_deliveries where event_id = any (v_events);
    delete from operations.webhook_events where id = any (v_events);
    return cardinality(v_events);
end $$;

CREATE FUNCTION operations.webhook_is_due(p_event uuid) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO ''
    AS $$
    select exists (
        select 1 from operations.webhook_deliveries d join operations.webhook_endpoints e on e.id = d.endpoint_id
        where d.event_id = p_event and (d.state = 'sending' or d.state = 'waiting' and e.state <> 'removed'))
$$;

CREATE TABLE content.documents (
    id uuid NOT NULL,
    kind text NOT NULL,
    subject text,
    revision integer NOT NULL,
    published_version integer,
    first_published_at timestamp with time zone,
    published_at timestamp with time zone,
    preview_epoch integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT documents_check CHECK (((subject IS NULL) = (kind <> ALL (ARRAY['service_text'::text, 'menu'::text, 'site'::text])))),
    CONSTRAINT documents_check1 CHECK (((published_version >= 1) AND (published_version <= revision))),
    CONSTRAINT documents_check2 CHECK (((published_version IS NULL) OR (published_at IS NOT NULL))),
    CONSTRAINT documents_check3 CHECK (((first_published_at IS NULL) = (published_at IS NULL))),
    CONSTRAINT documents_kind_check CHECK ((kind = ANY (ARRAY['page'::text, 'post'::text, 'project'::text, 'testimonial'::text, 'service_text'::text, 'menu'::text, 'site'::text]))),
    CONSTRAINT documents_preview_epoch_check CHECK ((preview_epoch >= 0)),
    CONSTRAINT documents_revision_check CHECK (((revision >= 1) AND (revision <= 10000))),
    CONSTRAINT documents_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 60)))
);

CREATE TABLE content.schedules (
    id uuid NOT NULL,
    document_id uuid NOT NULL,
    act text NOT NULL,
    version integer,
    wall_time text NOT NULL,
    zone text NOT NULL,
    at timestamp with time zone NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    reason text,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT schedules_act_check CHECK ((act = ANY (ARRAY['publish'::text, 'unpublish'::text]))),
    CONSTRAINT schedules_check CHECK (((act = 'publish'::text) = (version IS NOT NULL))),
    CONSTRAINT schedules_check1 CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
    CONSTRAINT schedules_check2 CHECK (((state = 'lapsed'::text) = (reason IS NOT NULL))),
    CONSTRAINT schedules_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 100))),
    CONSTRAINT schedules_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'lapsed'::text, 'cancelled'::text]))),
    CONSTRAINT schedules_wall_time_check CHECK ((length(wall_time) = 16)),
    CONSTRAINT schedules_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 60)))
);

CREATE TABLE content.slugs (
    kind text NOT NULL,
    locale text NOT NULL,
    slug text NOT NULL,
    document_id uuid NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT slugs_kind_check CHECK ((kind = ANY (ARRAY['page'::text, 'post'::text, 'project'::text]))),
    CONSTRAINT slugs_locale_check CHECK ((locale = ANY (ARRAY['en'::text, 'ar'::text]))),
    CONSTRAINT slugs_slug_check CHECK (((length(slug) >= 1) AND (length(slug) <= 80)))
);

CREATE TABLE content.versions (
    document_id uuid NOT NULL,
    version integer NOT NULL,
    texts jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    note text,
    restored_from integer,
    CONSTRAINT versions_check CHECK ((restored_from < version)),
    CONSTRAINT versions_note_check CHECK (((length(note) >= 1) AND (length(note) <= 500))),
    CONSTRAINT versions_version_check CHECK (((version >= 1) AND (version <= 10000)))
);

CREATE TABLE files.uploads (
    id uuid NOT NULL,
    owner_id uuid NOT NULL,
    subject text NOT NULL,
    name text NOT NULL,
    content_type text NOT NULL,
    bytes integer NOT NULL,
    store text NOT NULL,
    state text DEFAULT 'signed'::text NOT NULL,
    reason text,
    scanned boolean DEFAULT false NOT NULL,
    sha256 bytea,
    signed_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    ended_at timestamp with time zone,
    cleared_at timestamp with time zone,
    kind text DEFAULT 'file'::text NOT NULL,
    width integer,
    height integer,
    preview text DEFAULT 'none'::text NOT NULL,
    preview_reason text,
    preview_tries integer DEFAULT 0 NOT NULL,
    preview_at timestamp with time zone,
    shown_sha256 bytea,
    shown_bytes integer,
    small_sha256 bytea,
    small_bytes integer,
    CONSTRAINT uploads_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT uploads_check CHECK ((expires_at > signed_at)),
    CONSTRAINT uploads_check1 CHECK (((state = ANY (ARRAY['signed'::text, 'checking'::text])) = (ended_at IS NULL))),
    CONSTRAINT uploads_check2 CHECK (((state <> 'ready'::text) OR ((sha256 IS NOT NULL) AND (confirmed_at IS NOT NULL)))),
    CONSTRAINT uploads_check3 CHECK (((state <> 'refused'::text) OR (reason IS NOT NULL))),
    CONSTRAINT uploads_check4 CHECK (((preview <> 'made'::text) OR (num_nulls(shown_sha256, shown_bytes, small_sha256, small_bytes) = 0))),
    CONSTRAINT uploads_check5 CHECK (((preview = 'failed'::text) = (preview_reason IS NOT NULL))),
    CONSTRAINT uploads_check6 CHECK (((kind = 'file'::text) OR (content_type ~~ 'image/%'::text))),
    CONSTRAINT uploads_content_type_check CHECK ((length(content_type) <= 100)),
    CONSTRAINT uploads_height_check CHECK (((height >= 1) AND (height <= 16384))),
    CONSTRAINT uploads_kind_check CHECK ((kind = ANY (ARRAY['file'::text, 'before'::text, 'after'::text]))),
    CONSTRAINT uploads_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT uploads_preview_check CHECK ((preview = ANY (ARRAY['none'::text, 'waiting'::text, 'making'::text, 'made'::text, 'failed'::text]))),
    CONSTRAINT uploads_preview_reason_check CHECK ((length(preview_reason) <= 100)),
    CONSTRAINT uploads_preview_tries_check CHECK (((preview_tries >= 0) AND (preview_tries <= 10))),
    CONSTRAINT uploads_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT uploads_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT uploads_shown_bytes_check CHECK ((shown_bytes > 0)),
    CONSTRAINT uploads_shown_sha256_check CHECK ((length(shown_sha256) = 32)),
    CONSTRAINT uploads_small_bytes_check CHECK ((small_bytes > 0)),
    CONSTRAINT uploads_small_sha256_check CHECK ((length(small_sha256) = 32)),
    CONSTRAINT uploads_state_check CHECK ((state = ANY (ARRAY['signed'::text, 'checking'::text, 'ready'::text, 'refused'::text, 'lapsed'::text, 'erased'::text]))),
    CONSTRAINT uploads_store_check CHECK ((store = ANY (ARRAY['disk'::text, 's3'::text]))),
    CONSTRAINT uploads_subject_check CHECK (((length(subject) >= 3) AND (length(subject) <= 60))),
    CONSTRAINT uploads_width_check CHECK (((width >= 1) AND (width <= 16384)))
);

CREATE TABLE foundation.audit (
    id bigint NOT NULL,
    tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_name text,
    session_id uuid,
    request_id text,
    action text NOT NULL,
    subject_type text NOT NULL,
    subject_id text NOT NULL,
    why text,
    before jsonb,
    after jsonb,
    person_id uuid,
    personal bytea,
    place bytea,
    CONSTRAINT audit_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['anonymous'::text, 'person'::text, 'system'::text, 'gateway'::text])))
);

ALTER TABLE foundation.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME foundation.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE foundation.audit_seals (
    seq bigint NOT NULL,
    audit_id bigint NOT NULL,
    audit_tx xid8 NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT audit_seals_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_seals_seq_check CHECK ((seq > 0))
);

CREATE TABLE foundation.clock (
    only_row boolean DEFAULT true NOT NULL,
    offset_seconds bigint DEFAULT 0 NOT NULL,
    CONSTRAINT clock_offset_seconds_check CHECK ((offset_seconds >= 0)),
    CONSTRAINT clock_only_row_check CHECK (only_row)
);

CREATE TABLE foundation.home (
    one boolean DEFAULT true NOT NULL,
    cluster text NOT NULL,
    held_at timestamp with time zone,
    held_why text,
    released_at timestamp with time zone,
    released_why text,
    CONSTRAINT home_check CHECK (((held_at IS NULL) = (held_why IS NULL))),
    CONSTRAINT home_held_why_check CHECK (((length(held_why) >= 1) AND (length(held_why) <= 500))),
    CONSTRAINT home_one_check CHECK (one),
    CONSTRAINT home_released_why_check CHECK (((length(released_why) >= 1) AND (length(released_why) <= 500)))
);

CREATE TABLE foundation.idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    operation_id uuid NOT NULL,
    body_hash bytea NOT NULL,
    state text NOT NULL,
    lease_until timestamp with time zone NOT NULL,
    status integer,
    response bytea,
    expires_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_check CHECK (((state = 'done'::text) = ((status IS NOT NULL) AND (response IS NOT NULL)))),
    CONSTRAINT idempotency_state_check CHECK ((state = ANY (ARRAY['started'::text, 'done'::text])))
);

CREATE TABLE foundation.jobs (
    id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb NOT NULL,
    state text DEFAULT 'ready'::text NOT NULL,
    run_at timestamp with time zone NOT NULL,
    unique_key text,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    last_error text,
    created_at timestamp with time zone NOT NULL,
    died_at timestamp with time zone,
    again boolean DEFAULT false NOT NULL,
    trace text,
    worker integer,
    CONSTRAINT jobs_check CHECK (((state = 'running'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT jobs_check1 CHECK (((state = 'dead'::text) = (died_at IS NOT NULL))),
    CONSTRAINT jobs_state_check CHECK ((state = ANY (ARRAY['ready'::text, 'running'::text, 'dead'::text]))),
    CONSTRAINT jobs_trace_check CHECK ((length(trace) = 55))
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');

ALTER TABLE foundation.jobs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME foundation.jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE foundation.migrations (
    version integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE foundation.person_keys (
    person_id uuid NOT NULL,
    wrapped_key bytea NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE foundation.rate_hits (
    key text NOT NULL,
    hits timestamp with time zone[] NOT NULL,
    allowed boolean NOT NULL,
    expires_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE foundation.rate_windows (
    key text NOT NULL,
    window_no bigint NOT NULL,
    taken integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE foundation.recurring (
    name text NOT NULL,
    next_at timestamp with time zone NOT NULL
);

CREATE TABLE foundation.settings (
    key text NOT NULL,
    value jsonb NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid,
    CONSTRAINT settings_version_check CHECK ((version > 0))
);

CREATE TABLE foundation.settings_history (
    key text NOT NULL,
    version integer NOT NULL,
    value jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by uuid,
    why text NOT NULL
);

CREATE TABLE identity.account_roles (
    account_id uuid NOT NULL,
    role text NOT NULL,
    granted_at timestamp with time zone NOT NULL
);

CREATE TABLE identity.accounts (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    password_hash text NOT NULL,
    state text NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    email_verified_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    second_factor boolean DEFAULT false NOT NULL,
    password_changed_at timestamp with time zone,
    must_change_password boolean DEFAULT false NOT NULL,
    phone text,
    phone_verified_at timestamp with time zone,
    CONSTRAINT accounts_check CHECK ((email_key = translate(email, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'::text, 'abcdefghijklmnopqrstuvwxyz'::text))),
    CONSTRAINT accounts_check1 CHECK (((state <> 'active'::text) OR (email_verified_at IS NOT NULL))),
    CONSTRAINT accounts_check2 CHECK (((state <> 'unverified'::text) OR (email_verified_at IS NULL))),
    CONSTRAINT accounts_check3 CHECK (((phone_verified_at IS NULL) OR (phone IS NOT NULL))),
    CONSTRAINT accounts_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 100))),
    CONSTRAINT accounts_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT accounts_epoch_check CHECK ((epoch > 0)),
    CONSTRAINT accounts_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ar'::text]))),
    CONSTRAINT accounts_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT accounts_state_check CHECK ((state = ANY (ARRAY['unverified'::text, 'active'::text, 'suspended'::text, 'erased'::text]))),
    CONSTRAINT accounts_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);

CREATE TABLE identity.active_days (
    account_id uuid NOT NULL,
    day date NOT NULL
);

CREATE TABLE identity.backup_codes (
    account_id uuid NOT NULL,
    hash bytea NOT NULL,
    salt bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT backup_codes_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT backup_codes_salt_check CHECK ((length(salt) = 16))
);

CREATE TABLE identity.challenges (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    purpose text NOT NULL,
    token_hash bytea NOT NULL,
    session_kind text NOT NULL,
    session_id uuid,
    first_method text NOT NULL,
    epoch integer NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    code_hash bytea,
    code_channel text,
    code_expires_at timestamp with time zone,
    codes_sent integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT challenges_check CHECK (((purpose = 'step_up'::text) = (session_id IS NOT NULL))),
    CONSTRAINT challenges_check1 CHECK (((code_hash IS NULL) = (code_channel IS NULL))),
    CONSTRAINT challenges_code_channel_check CHECK ((code_channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT challenges_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT challenges_codes_sent_check CHECK (((codes_sent >= 0) AND (codes_sent <= 3))),
    CONSTRAINT challenges_purpose_check CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'step_up'::text]))),
    CONSTRAINT challenges_session_kind_check CHECK ((session_kind = ANY (ARRAY['cookie'::text, 'bearer'::text]))),
    CONSTRAINT challenges_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT challenges_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE identity.device_tokens (
    hash bytea NOT NULL,
    device_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    replaced_at timestamp with time zone,
    CONSTRAINT device_tokens_hash_check CHECK ((length(hash) = 32))
);

CREATE TABLE identity.devices (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    user_agent text,
    created_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    trusted_until timestamp with time zone,
    revoked_at timestamp with time zone,
    not_me_hash bytea,
    not_me_at timestamp with time zone,
    CONSTRAINT devices_check CHECK (((not_me_at IS NULL) OR (revoked_at IS NOT NULL))),
    CONSTRAINT devices_not_me_hash_check CHECK ((length(not_me_hash) = 32)),
    CONSTRAINT devices_user_agent_check CHECK ((length(user_agent) <= 400))
);

CREATE TABLE identity.email_changes (
    account_id uuid NOT NULL,
    email text NOT NULL,
    token_hash bytea NOT NULL,
    link_expires_at timestamp with time zone NOT NULL,
    code_hash bytea NOT NULL,
    code_expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    epoch integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT email_changes_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT email_changes_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT email_changes_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT email_changes_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE identity.email_verifications (
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    link_expires_at timestamp with time zone NOT NULL,
    code_hash bytea NOT NULL,
    code_expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    used_at timestamp with time zone,
    display_name text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    password_hash text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    CONSTRAINT email_verifications_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT email_verifications_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT email_verifications_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE identity.erasures (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    asked_by uuid NOT NULL,
    why text,
    asked_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    stands_against text,
    CONSTRAINT erasures_check CHECK (((state = 'waiting'::text) = (ended_at IS NULL))),
    CONSTRAINT erasures_check1 CHECK ((due_at > asked_at)),
    CONSTRAINT erasures_stands_against_check CHECK ((length(stands_against) <= 1000)),
    CONSTRAINT erasures_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'taken_back'::text, 'erased'::text]))),
    CONSTRAINT erasures_why_check CHECK (((length(why) >= 3) AND (length(why) <= 500)))
);

CREATE TABLE identity.exports (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    state text DEFAULT 'asked'::text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    expires_at timestamp with time zone,
    sealed bytea,
    bytes integer,
    sha256 bytea,
    CONSTRAINT exports_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT exports_check CHECK (((state = 'ready'::text) = (ready_at IS NOT NULL))),
    CONSTRAINT exports_check1 CHECK (((state = 'ready'::text) = (sealed IS NOT NULL))),
    CONSTRAINT exports_check2 CHECK ((num_nulls(ready_at, expires_at, sealed, bytes, sha256) = ANY (ARRAY[0, 5]))),
    CONSTRAINT exports_sha256_check CHECK ((length(sha256) = 32)),
    CONSTRAINT exports_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'ready'::text])))
);

CREATE TABLE identity.invitations (
    id uuid NOT NULL,
    email text NOT NULL,
    email_key text NOT NULL,
    display_name text,
    language text NOT NULL,
    roles text[] NOT NULL,
    days integer NOT NULL,
    token_hash bytea NOT NULL,
    state text DEFAULT 'sent'::text NOT NULL,
    invited_by uuid NOT NULL,
    account_id uuid,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT invitations_check CHECK (((state = 'sent'::text) = (ended_at IS NULL))),
    CONSTRAINT invitations_check1 CHECK (((state <> 'accepted'::text) OR (account_id IS NOT NULL))),
    CONSTRAINT invitations_check2 CHECK ((expires_at > sent_at)),
    CONSTRAINT invitations_days_check CHECK (((days >= 1) AND (days <= 30))),
    CONSTRAINT invitations_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 60))),
    CONSTRAINT invitations_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT invitations_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ar'::text]))),
    CONSTRAINT invitations_roles_check CHECK (((cardinality(roles) >= 1) AND (cardinality(roles) <= 20))),
    CONSTRAINT invitations_state_check CHECK ((state = ANY (ARRAY['sent'::text, 'accepted'::text, 'revoked'::text, 'erased'::text]))),
    CONSTRAINT invitations_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE identity.network_blocks (
    id uuid NOT NULL,
    network cidr NOT NULL,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    removed_at timestamp with time zone,
    removed_by uuid,
    CONSTRAINT network_blocks_check CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
    CONSTRAINT network_blocks_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

CREATE TABLE identity.passkey_asks (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    kind text NOT NULL,
    account_id uuid,
    challenge_id uuid,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT passkey_asks_check CHECK ((((kind = 'sign_in'::text) = (account_id IS NULL)) AND ((kind = 'second_step'::text) = (challenge_id IS NOT NULL)))),
    CONSTRAINT passkey_asks_kind_check CHECK ((kind = ANY (ARRAY['register'::text, 'sign_in'::text, 'second_step'::text]))),
    CONSTRAINT passkey_asks_state_check CHECK ((length(state) <= 4000)),
    CONSTRAINT passkey_asks_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE identity.passkeys (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    name text NOT NULL,
    sign_count bigint NOT NULL,
    transports text[] NOT NULL,
    verified boolean NOT NULL,
    backup_eligible boolean NOT NULL,
    backed_up boolean NOT NULL,
    attestation bytea NOT NULL,
    client_data bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    CONSTRAINT passkeys_credential_id_check CHECK (((length(credential_id) >= 16) AND (length(credential_id) <= 1023))),
    CONSTRAINT passkeys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT passkeys_sign_count_check CHECK ((sign_count >= 0))
);

CREATE TABLE identity.password_history (
    account_id uuid NOT NULL,
    password_hash text NOT NULL,
    replaced_at timestamp with time zone NOT NULL
);

CREATE TABLE identity.password_resets (
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT password_resets_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE identity.phone_sign_ins (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    phone text NOT NULL,
    account_id uuid,
    code_hash bytea,
    tries integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT phone_sign_ins_check CHECK (((code_hash IS NULL) = (account_id IS NULL))),
    CONSTRAINT phone_sign_ins_check1 CHECK (((used_at IS NULL) OR (code_hash IS NOT NULL))),
    CONSTRAINT phone_sign_ins_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT phone_sign_ins_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT phone_sign_ins_token_hash_check CHECK ((length(token_hash) = 32)),
    CONSTRAINT phone_sign_ins_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE identity.phone_verifications (
    account_id uuid NOT NULL,
    phone text NOT NULL,
    code_hash bytea NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT phone_verifications_code_hash_check CHECK ((length(code_hash) = 32)),
    CONSTRAINT phone_verifications_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT phone_verifications_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

CREATE TABLE identity.refresh_tokens (
    hash bytea NOT NULL,
    session_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    successor_hash bytea,
    successor_sealed bytea,
    CONSTRAINT refresh_tokens_check CHECK (((used_at IS NULL) = (successor_hash IS NULL))),
    CONSTRAINT refresh_tokens_check1 CHECK (((used_at IS NULL) = (successor_sealed IS NULL))),
    CONSTRAINT refresh_tokens_hash_check CHECK ((length(hash) = 32))
);

CREATE TABLE identity.risk_decisions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    method text NOT NULL,
    outcome text NOT NULL,
    score integer NOT NULL,
    version integer NOT NULL,
    inputs text NOT NULL,
    rules text NOT NULL,
    reasons text NOT NULL,
    personal bytea NOT NULL,
    CONSTRAINT risk_decisions_inputs_check CHECK ((length(inputs) <= 4000)),
    CONSTRAINT risk_decisions_method_check CHECK (((length(method) >= 1) AND (length(method) <= 40))),
    CONSTRAINT risk_decisions_outcome_check CHECK ((outcome = ANY (ARRAY['allow'::text, 'ask'::text, 'hold'::text]))),
    CONSTRAINT risk_decisions_personal_check CHECK ((length(personal) <= 4000)),
    CONSTRAINT risk_decisions_reasons_check CHECK ((length(reasons) <= 8000)),
    CONSTRAINT risk_decisions_rules_check CHECK ((length(rules) <= 4000)),
    CONSTRAINT risk_decisions_score_check CHECK ((score >= 0)),
    CONSTRAINT risk_decisions_version_check CHECK ((version > 0))
);

CREATE TABLE identity.role_permissions (
    role text NOT NULL,
    permission text NOT NULL
);

CREATE TABLE identity.roles (
    name text NOT NULL,
    needs_second_factor boolean DEFAULT false NOT NULL,
    says text DEFAULT ''::text NOT NULL,
    built_in boolean DEFAULT false NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT roles_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{2,29}$'::text)),
    CONSTRAINT roles_says_check CHECK ((length(says) <= 200)),
    CONSTRAINT roles_version_check CHECK ((version > 0))
);

CREATE TABLE identity.session_generation (
    one boolean DEFAULT true NOT NULL,
    generation integer NOT NULL,
    changed_at timestamp with time zone,
    CONSTRAINT session_generation_generation_check CHECK ((generation >= 1)),
    CONSTRAINT session_generation_one_check CHECK (one)
);

CREATE TABLE identity.sessions (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    epoch integer NOT NULL,
    cookie_hash bytea,
    created_at timestamp with time zone NOT NULL,
    last_active timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    user_agent text,
    address inet,
    ended_at timestamp with time zone,
    ended_why text,
    level smallint DEFAULT 1 NOT NULL,
    proven_at timestamp with time zone,
    proven_by text DEFAULT 'password'::text NOT NULL,
    device_id uuid,
    impersonator_id uuid,
    device_type text DEFAULT 'unknown'::text NOT NULL,
    country text,
    city text,
    idle_seconds integer DEFAULT 7200 NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    impersonator_session uuid,
    CONSTRAINT sessions_check CHECK (((kind = 'cookie'::text) = (cookie_hash IS NOT NULL))),
    CONSTRAINT sessions_check1 CHECK (((ended_at IS NULL) = (ended_why IS NULL))),
    CONSTRAINT sessions_check2 CHECK ((expires_at > created_at)),
    CONSTRAINT sessions_check3 CHECK ((expires_at <= (created_at + '72:00:00'::interval))),
    CONSTRAINT sessions_check4 CHECK (((impersonator_id IS NULL) = (impersonator_session IS NULL))),
    CONSTRAINT sessions_city_check CHECK (((length(city) >= 1) AND (length(city) <= 100))),
    CONSTRAINT sessions_cookie_hash_check CHECK ((length(cookie_hash) = 32)),
    CONSTRAINT sessions_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT sessions_device_type_check CHECK ((device_type = ANY (ARRAY['phone'::text, 'tablet'::text, 'computer'::text, 'program'::text, 'unknown'::text]))),
    CONSTRAINT sessions_ended_why_check CHECK ((ended_why = ANY (ARRAY['signed_out'::text, 'ended_by_owner'::text, 'ended_by_staff'::text, 'replaced'::text, 'expired'::text, 'idle'::text, 'token_reuse'::text, 'too_many'::text, 'not_me'::text, 'password_changed'::text, 'cleaned_up'::text]))),
    CONSTRAINT sessions_idle_seconds_check CHECK (((idle_seconds >= 60) AND (idle_seconds <= 7200))),
    CONSTRAINT sessions_kind_check CHECK ((kind = ANY (ARRAY['cookie'::text, 'bearer'::text]))),
    CONSTRAINT sessions_level_check CHECK ((level = ANY (ARRAY[1, 2]))),
    CONSTRAINT sessions_proven_by_check CHECK (((length(proven_by) >= 1) AND (length(proven_by) <= 40))),
    CONSTRAINT sessions_user_agent_check CHECK ((length(user_agent) <= 400))
)
WITH (fillfactor='80');

CREATE TABLE identity.sign_in_days (
    day date NOT NULL,
    device_type text NOT NULL,
    shard smallint NOT NULL,
    sign_ins bigint NOT NULL,
    CONSTRAINT sign_in_days_device_type_check CHECK ((device_type = ANY (ARRAY['phone'::text, 'tablet'::text, 'computer'::text, 'program'::text, 'unknown'::text]))),
    CONSTRAINT sign_in_days_shard_check CHECK (((shard >= 0) AND (shard <= 15))),
    CONSTRAINT sign_in_days_sign_ins_check CHECK ((sign_ins > 0))
);

CREATE TABLE identity.sign_in_failures (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    account_key bytea NOT NULL,
    address text NOT NULL,
    network text NOT NULL,
    password_mark bytea NOT NULL,
    CONSTRAINT sign_in_failures_account_key_check CHECK ((length(account_key) = 16)),
    CONSTRAINT sign_in_failures_address_check CHECK ((length(address) <= 60)),
    CONSTRAINT sign_in_failures_network_check CHECK ((length(network) <= 60)),
    CONSTRAINT sign_in_failures_password_mark_check CHECK ((length(password_mark) = 4))
);

ALTER TABLE identity.sign_in_failures ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME identity.sign_in_failures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE identity.sign_in_holds (
    account_id uuid NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    decision_id uuid NOT NULL,
    CONSTRAINT sign_in_holds_check CHECK ((until > since))
);

CREATE TABLE identity.sign_in_places (
    account_id uuid NOT NULL,
    country text NOT NULL,
    latitude double precision,
    longitude double precision,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT sign_in_places_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT sign_in_places_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT sign_in_places_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision)))
);

CREATE TABLE identity.signing_keys (
    kid text NOT NULL,
    state text NOT NULL,
    public_key bytea NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    active_from timestamp with time zone,
    retired_at timestamp with time zone,
    algorithm text DEFAULT 'ES256'::text NOT NULL,
    sealed_by text DEFAULT 'master'::text NOT NULL,
    CONSTRAINT signing_keys_algorithm_check CHECK ((algorithm = ANY (ARRAY['ES256'::text, 'RS256'::text]))),
    CONSTRAINT signing_keys_check CHECK (((state = 'retired'::text) = (retired_at IS NOT NULL))),
    CONSTRAINT signing_keys_kid_check CHECK (((length(kid) >= 8) AND (length(kid) <= 64))),
    CONSTRAINT signing_keys_sealed_by_check CHECK ((sealed_by = ANY (ARRAY['master'::text, 'pkcs11'::text]))),
    CONSTRAINT signing_keys_state_check CHECK ((state = ANY (ARRAY['next'::text, 'active'::text, 'retired'::text])))
);

CREATE TABLE identity.sms_traffic (
    number_range text NOT NULL,
    hour timestamp with time zone NOT NULL,
    sent integer DEFAULT 0 NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    CONSTRAINT sms_traffic_number_range_check CHECK (((length(number_range) >= 2) AND (length(number_range) <= 12))),
    CONSTRAINT sms_traffic_sent_check CHECK ((sent >= 0)),
    CONSTRAINT sms_traffic_used_check CHECK ((used >= 0))
);

CREATE TABLE identity.totp (
    account_id uuid NOT NULL,
    secret bytea,
    last_step bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    next_secret bytea,
    next_at timestamp with time zone,
    CONSTRAINT totp_check CHECK (((next_secret IS NULL) = (next_at IS NULL))),
    CONSTRAINT totp_check1 CHECK (((secret IS NULL) = (confirmed_at IS NULL)))
);

CREATE TABLE marketplace.absences (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    state text NOT NULL,
    reported_by text NOT NULL,
    note text,
    reported_at timestamp with time zone NOT NULL,
    answer_until timestamp with time zone NOT NULL,
    answer text,
    answer_note text,
    answered_at timestamp with time zone,
    outcome text,
    decided_by uuid,
    decided_why text,
    ended_at timestamp with time zone,
    CONSTRAINT absences_answer_check CHECK ((answer = ANY (ARRAY['agreed'::text, 'disagreed'::text, 'reported_too'::text]))),
    CONSTRAINT absences_answer_note_check CHECK ((length(answer_note) <= 1000)),
    CONSTRAINT absences_check CHECK ((answer_until > reported_at)),
    CONSTRAINT absences_check1 CHECK (((answer IS NULL) = (answered_at IS NULL))),
    CONSTRAINT absences_check2 CHECK (((state <> 'reported'::text) OR (answer IS NULL))),
    CONSTRAINT absences_check3 CHECK (((state = 'settled'::text) = (outcome IS NOT NULL))),
    CONSTRAINT absences_check4 CHECK (((state = ANY (ARRAY['settled'::text, 'dropped'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT absences_check5 CHECK (((decided_by IS NULL) = (decided_why IS NULL))),
    CONSTRAINT absences_decided_why_check CHECK (((length(decided_why) >= 3) AND (length(decided_why) <= 1000))),
    CONSTRAINT absences_note_check CHECK ((length(note) <= 1000)),
    CONSTRAINT absences_outcome_check CHECK ((outcome = ANY (ARRAY['customer_absent'::text, 'provider_absent'::text, 'nobody_came'::text, 'took_place'::text]))),
    CONSTRAINT absences_reported_by_check CHECK ((reported_by = ANY (ARRAY['customer'::text, 'provider'::text]))),
    CONSTRAINT absences_state_check CHECK ((state = ANY (ARRAY['reported'::text, 'contested'::text, 'settled'::text, 'dropped'::text])))
);

CREATE TABLE marketplace.booking_moves (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    revision integer NOT NULL,
    moved_by text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    reason text,
    moved_at timestamp with time zone NOT NULL,
    accepted_at timestamp with time zone,
    CONSTRAINT booking_moves_check CHECK ((from_at <> to_at)),
    CONSTRAINT booking_moves_check1 CHECK (((accepted_at IS NULL) OR (moved_by = 'provider'::text))),
    CONSTRAINT booking_moves_moved_by_check CHECK ((moved_by = ANY (ARRAY['customer'::text, 'provider'::text]))),
    CONSTRAINT booking_moves_reason_check CHECK ((length(reason) <= 500)),
    CONSTRAINT booking_moves_revision_check CHECK ((revision > 1))
);

CREATE TABLE marketplace.bookings (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    provider_account_id uuid NOT NULL,
    service_id uuid NOT NULL,
    service_name text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    busy_until timestamp with time zone NOT NULL,
    zone text NOT NULL,
    wall_time timestamp without time zone NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    order_id uuid NOT NULL,
    hold_until timestamp with time zone NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    cancelled_by text,
    cancel_reason text,
    refund_minor bigint,
    policy_id uuid NOT NULL,
    refund_cap_percent integer,
    unanswered_move boolean DEFAULT false NOT NULL,
    note text,
    resources uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    approval text,
    series_id uuid,
    series_no integer,
    minute_minor bigint,
    package_sale_id uuid,
    cancel_operation uuid,
    CONSTRAINT bookings_approval_check CHECK ((approval = ANY (ARRAY['asked'::text, 'given'::text]))),
    CONSTRAINT bookings_busy_until_check CHECK (isfinite(busy_until)),
    CONSTRAINT bookings_cancel_reason_check CHECK ((length(cancel_reason) <= 500)),
    CONSTRAINT bookings_cancelled_by_check CHECK ((cancelled_by = ANY (ARRAY['customer'::text, 'provider'::text, 'refund'::text, 'customer_absent'::text, 'provider_absent'::text]))),
    CONSTRAINT bookings_check CHECK (((refund_minor >= 0) AND (refund_minor <= price_minor))),
    CONSTRAINT bookings_check1 CHECK ((customer_id <> provider_account_id)),
    CONSTRAINT bookings_check2 CHECK (((starts_at < ends_at) AND (ends_at <= busy_until) AND ((busy_until - starts_at) <= '24:00:00'::interval))),
    CONSTRAINT bookings_check3 CHECK (((state <> ALL (ARRAY['confirmed'::text, 'completed'::text])) OR (confirmed_at IS NOT NULL))),
    CONSTRAINT bookings_check4 CHECK (((state = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT bookings_check5 CHECK (((state = 'cancelled'::text) = (cancelled_at IS NOT NULL))),
    CONSTRAINT bookings_check6 CHECK (((state = 'cancelled'::text) = (cancelled_by IS NOT NULL))),
    CONSTRAINT bookings_check7 CHECK (((series_id IS NULL) = (series_no IS NULL))),
    CONSTRAINT bookings_check8 CHECK (((minute_minor > 0) AND (minute_minor <= price_minor))),
    CONSTRAINT bookings_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT bookings_ends_at_check CHECK (isfinite(ends_at)),
    CONSTRAINT bookings_kind_check CHECK ((kind = ANY (ARRAY['consultation'::text, 'visit'::text]))),
    CONSTRAINT bookings_note_check CHECK (((length(note) >= 1) AND (length(note) <= 500))),
    CONSTRAINT bookings_price_minor_check CHECK ((price_minor > 0)),
    CONSTRAINT bookings_refund_cap_percent_check CHECK (((refund_cap_percent >= 0) AND (refund_cap_percent <= 100))),
    CONSTRAINT bookings_resources_check CHECK ((cardinality(resources) <= 10)),
    CONSTRAINT bookings_revision_check CHECK ((revision > 0)),
    CONSTRAINT bookings_series_no_check CHECK ((series_no >= 1)),
    CONSTRAINT bookings_starts_at_check CHECK (isfinite(starts_at)),
    CONSTRAINT bookings_state_check CHECK ((state = ANY (ARRAY['held'::text, 'confirmed'::text, 'completed'::text, 'cancelled'::text, 'expired'::text])))
)
WITH (fillfactor='85');

CREATE TABLE marketplace.calendar_links (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT calendar_links_kind_check CHECK ((kind = ANY (ARRAY['provider'::text, 'customer'::text, 'booking'::text]))),
    CONSTRAINT calendar_links_token_hash_check CHECK ((length(token_hash) = 32))
);

CREATE TABLE marketplace.call_events (
    booking_id uuid NOT NULL,
    seq bigint NOT NULL,
    call_id uuid NOT NULL,
    kind text NOT NULL,
    person_id uuid,
    at timestamp with time zone NOT NULL,
    CONSTRAINT call_events_kind_check CHECK ((kind = ANY (ARRAY['rang'::text, 'accepted'::text, 'declined'::text, 'missed'::text, 'cancelled'::text, 'joined'::text, 'left'::text, 'ended'::text]))),
    CONSTRAINT call_events_seq_check CHECK ((seq > 0))
);

CREATE TABLE marketplace.call_presences (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    call_id uuid NOT NULL,
    person_id uuid NOT NULL,
    joined_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    left_at timestamp with time zone,
    CONSTRAINT call_presences_check CHECK ((seen_at >= joined_at)),
    CONSTRAINT call_presences_check1 CHECK (((left_at >= joined_at) AND (left_at <= seen_at)))
)
WITH (fillfactor='70');

CREATE TABLE marketplace.call_rooms (
    booking_id uuid NOT NULL,
    last_seq bigint DEFAULT 0 NOT NULL,
    CONSTRAINT call_rooms_last_seq_check CHECK ((last_seq >= 0))
)
WITH (fillfactor='70');

CREATE TABLE marketplace.call_signals (
    booking_id uuid NOT NULL,
    seq bigint NOT NULL,
    call_id uuid NOT NULL,
    from_id uuid NOT NULL,
    kind text NOT NULL,
    body text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT call_signals_body_check CHECK (((length(body) >= 1) AND (length(body) <= 16000))),
    CONSTRAINT call_signals_kind_check CHECK ((kind = ANY (ARRAY['offer'::text, 'answer'::text, 'candidate'::text]))),
    CONSTRAINT call_signals_seq_check CHECK ((seq > 0))
);

CREATE TABLE marketplace.calls (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    caller_id uuid NOT NULL,
    callee_id uuid NOT NULL,
    state text NOT NULL,
    rung_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT calls_check CHECK ((caller_id <> callee_id)),
    CONSTRAINT calls_check1 CHECK (((state = ANY (ARRAY['ringing'::text, 'accepted'::text])) = (ended_at IS NULL))),
    CONSTRAINT calls_check2 CHECK (((state = ANY (ARRAY['accepted'::text, 'ended'::text])) = (answered_at IS NOT NULL))),
    CONSTRAINT calls_state_check CHECK ((state = ANY (ARRAY['ringing'::text, 'accepted'::text, 'declined'::text, 'missed'::text, 'cancelled'::text, 'ended'::text])))
);

CREATE TABLE marketplace.cancellation_policies (
    id uuid NOT NULL,
    service_id uuid,
    version integer NOT NULL,
    follows_default boolean DEFAULT false NOT NULL,
    tier_hours integer[] NOT NULL,
    tier_percent integer[] NOT NULL,
    no_show_percent integer NOT NULL,
    move_hours integer NOT NULL,
    max_moves integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid,
    why text NOT NULL,
    CONSTRAINT cancellation_policies_check CHECK (((cardinality(tier_hours) = cardinality(tier_percent)) AND ((cardinality(tier_hours) >= 1) AND (cardinality(tier_hours) <= 6)))),
    CONSTRAINT cancellation_policies_check1 CHECK (((service_id IS NOT NULL) OR (NOT follows_default))),
    CONSTRAINT cancellation_policies_max_moves_check CHECK (((max_moves >= 0) AND (max_moves <= 20))),
    CONSTRAINT cancellation_policies_move_hours_check CHECK (((move_hours >= 0) AND (move_hours <= 8760))),
    CONSTRAINT cancellation_policies_no_show_percent_check CHECK (((no_show_percent >= 0) AND (no_show_percent <= 100))),
    CONSTRAINT cancellation_policies_version_check CHECK ((version > 0)),
    CONSTRAINT cancellation_policies_why_check CHECK (((length(why) >= 3) AND (length(why) <= 500)))
);

CREATE TABLE marketplace.categories (
    id text NOT NULL,
    name_en text NOT NULL,
    name_ar text NOT NULL,
    "position" integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    CONSTRAINT categories_id_check CHECK ((id ~ '^[a-z][a-z0-9-]{1,39}$'::text)),
    CONSTRAINT categories_name_ar_check CHECK (((length(name_ar) >= 1) AND (length(name_ar) <= 60))),
    CONSTRAINT categories_name_en_check CHECK (((length(name_en) >= 1) AND (length(name_en) <= 60))),
    CONSTRAINT categories_position_check CHECK ((("position" >= 0) AND ("position" <= 9999)))
);

CREATE TABLE marketplace.chat_reads (
    chat_id uuid NOT NULL,
    person_id uuid NOT NULL,
    seq bigint DEFAULT 0 NOT NULL,
    read_at timestamp with time zone,
    typing_until timestamp with time zone,
    revision bigint DEFAULT 1 NOT NULL,
    CONSTRAINT chat_reads_seq_check CHECK ((seq >= 0))
)
WITH (fillfactor='70');

CREATE TABLE marketplace.chats (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_account_id uuid NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    close_reason text,
    last_seq bigint DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    last_message_at timestamp with time zone,
    CONSTRAINT chats_check CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
    CONSTRAINT chats_check1 CHECK (((state = 'closed'::text) = (close_reason IS NOT NULL))),
    CONSTRAINT chats_close_reason_check CHECK ((close_reason = ANY (ARRAY['completed'::text, 'cancelled'::text, 'moderated'::text]))),
    CONSTRAINT chats_last_seq_check CHECK ((last_seq >= 0)),
    CONSTRAINT chats_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text])))
)
WITH (fillfactor='70');

CREATE TABLE marketplace.claims (
    booking_id uuid NOT NULL,
    resource uuid NOT NULL,
    during tstzrange NOT NULL,
    state text NOT NULL,
    hold_until timestamp with time zone,
    CONSTRAINT claims_check CHECK (((state = 'held'::text) = (hold_until IS NOT NULL))),
    CONSTRAINT claims_during_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)))),
    CONSTRAINT claims_during_check1 CHECK (((NOT lower_inf(during)) AND (NOT upper_inf(during)) AND isfinite(lower(during)) AND isfinite(upper(during)))),
    CONSTRAINT claims_during_check2 CHECK (((upper(during) - lower(during)) <= '24:00:00'::interval)),
    CONSTRAINT claims_state_check CHECK ((state = ANY (ARRAY['held'::text, 'booked'::text])))
);

CREATE TABLE marketplace.client_projects (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    provider_account_id uuid NOT NULL,
    client_id uuid NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT client_projects_check CHECK ((client_id <> provider_account_id)),
    CONSTRAINT client_projects_check1 CHECK (((opened_at IS NULL) OR (state <> 'draft'::text))),
    CONSTRAINT client_projects_check2 CHECK (((opened_at IS NOT NULL) OR (state = ANY (ARRAY['draft'::text, 'cancelled'::text])))),
    CONSTRAINT client_projects_check3 CHECK (((ended_at IS NOT NULL) = (state = ANY (ARRAY['completed'::text, 'cancelled'::text])))),
    CONSTRAINT client_projects_description_check CHECK ((length(description) <= 4000)),
    CONSTRAINT client_projects_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'active'::text, 'paused'::text, 'completed'::text, 'cancelled'::text]))),
    CONSTRAINT client_projects_title_check CHECK (((length(title) >= 1) AND (length(title) <= 100)))
);

CREATE TABLE marketplace.external_busy (
    calendar_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    during tstzrange NOT NULL,
    CONSTRAINT external_busy_during_check CHECK (((NOT isempty(during)) AND lower_inc(during) AND (NOT upper_inc(during)) AND (NOT lower_inf(during)) AND (NOT upper_inf(during))))
);

CREATE TABLE marketplace.external_calendars (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    name text NOT NULL,
    host text NOT NULL,
    address bytea NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    failure text,
    failures integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    checked_at timestamp with time zone,
    read_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT external_calendars_check CHECK (((state = 'failing'::text) = (failure IS NOT NULL))),
    CONSTRAINT external_calendars_check1 CHECK (((state <> 'readable'::text) OR (read_at IS NOT NULL))),
    CONSTRAINT external_calendars_failure_check CHECK ((failure = ANY (ARRAY['unreachable'::text, 'answered_no'::text, 'too_large'::text, 'not_readable'::text]))),
    CONSTRAINT external_calendars_failures_check CHECK ((failures >= 0)),
    CONSTRAINT external_calendars_host_check CHECK (((length(host) >= 1) AND (length(host) <= 253))),
    CONSTRAINT external_calendars_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT external_calendars_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'readable'::text, 'failing'::text])))
);

CREATE TABLE marketplace.forecasts (
    place bytea NOT NULL,
    said jsonb NOT NULL,
    as_of timestamp with time zone NOT NULL,
    CONSTRAINT forecasts_place_check CHECK ((length(place) = 32)),
    CONSTRAINT forecasts_said_check CHECK ((length((said)::text) <= 20000))
);

CREATE TABLE marketplace.hour_exceptions (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    date date NOT NULL,
    from_minute integer,
    until_minute integer,
    note text NOT NULL,
    CONSTRAINT hour_exceptions_check CHECK (((from_minute IS NULL) = (until_minute IS NULL))),
    CONSTRAINT hour_exceptions_check1 CHECK ((from_minute < until_minute)),
    CONSTRAINT hour_exceptions_from_minute_check CHECK (((from_minute >= 0) AND (from_minute <= 1439))),
    CONSTRAINT hour_exceptions_note_check CHECK ((length(note) <= 200)),
    CONSTRAINT hour_exceptions_until_minute_check CHECK (((until_minute >= 1) AND (until_minute <= 1440)))
);

CREATE TABLE marketplace.mask_appeals (
    id uuid NOT NULL,
    text text NOT NULL,
    subject_id uuid NOT NULL,
    author_id uuid NOT NULL,
    words text,
    state text NOT NULL,
    appealed_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_why text,
    decided_at timestamp with time zone,
    CONSTRAINT mask_appeals_check CHECK (((state = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT mask_appeals_check1 CHECK (((state = 'open'::text) = (decided_by IS NULL))),
    CONSTRAINT mask_appeals_check2 CHECK (((state = 'open'::text) = (decided_why IS NULL))),
    CONSTRAINT mask_appeals_decided_why_check CHECK (((length(decided_why) >= 3) AND (length(decided_why) <= 500))),
    CONSTRAINT mask_appeals_state_check CHECK ((state = ANY (ARRAY['open'::text, 'granted'::text, 'refused'::text]))),
    CONSTRAINT mask_appeals_text_check CHECK ((text = ANY (ARRAY['note'::text, 'cancel_reason'::text, 'profile'::text]))),
    CONSTRAINT mask_appeals_words_check CHECK ((length(words) <= 500))
);

CREATE TABLE marketplace.messages (
    id uuid NOT NULL,
    chat_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    author_id uuid,
    client_id text,
    text text NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    CONSTRAINT messages_check CHECK (((kind = 'text'::text) = (author_id IS NOT NULL))),
    CONSTRAINT messages_check1 CHECK (((kind = 'text'::text) = (client_id IS NOT NULL))),
    CONSTRAINT messages_client_id_check CHECK (((length(client_id) >= 1) AND (length(client_id) <= 64))),
    CONSTRAINT messages_kind_check CHECK ((kind = ANY (ARRAY['text'::text, 'closed'::text, 'paused'::text, 'resumed'::text]))),
    CONSTRAINT messages_seq_check CHECK ((seq > 0)),
    CONSTRAINT messages_text_check CHECK (((length(text) >= 1) AND (length(text) <= 4000)))
);

CREATE TABLE marketplace.package_credits (
    sale_id uuid NOT NULL,
    no integer NOT NULL,
    minor bigint NOT NULL,
    state text NOT NULL,
    booking_id uuid,
    void_reason text,
    CONSTRAINT package_credits_check CHECK (((state = ANY (ARRAY['booked'::text, 'spent'::text])) = (booking_id IS NOT NULL))),
    CONSTRAINT package_credits_check1 CHECK (((state = 'void'::text) = (void_reason IS NOT NULL))),
    CONSTRAINT package_credits_minor_check CHECK ((minor >= 0)),
    CONSTRAINT package_credits_no_check CHECK (((no >= 1) AND (no <= 100))),
    CONSTRAINT package_credits_state_check CHECK ((state = ANY (ARRAY['free'::text, 'booked'::text, 'spent'::text, 'void'::text]))),
    CONSTRAINT package_credits_void_reason_check CHECK ((void_reason = ANY (ARRAY['expired'::text, 'given_up'::text, 'refund'::text, 'dispute'::text])))
);

CREATE TABLE marketplace.package_sale_services (
    sale_id uuid NOT NULL,
    service_id uuid NOT NULL
);

CREATE TABLE marketplace.package_sales (
    id uuid NOT NULL,
    package_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    provider_account_id uuid NOT NULL,
    name text NOT NULL,
    sessions integer NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    valid_days integer NOT NULL,
    unused_back_percent integer NOT NULL,
    order_id uuid NOT NULL,
    state text NOT NULL,
    sold_at timestamp with time zone NOT NULL,
    pay_until timestamp with time zone NOT NULL,
    paid_at timestamp with time zone,
    valid_until timestamp with time zone,
    closed_at timestamp with time zone,
    closed_by text,
    ended_at timestamp with time zone,
    CONSTRAINT package_sales_check CHECK ((price_minor >= sessions)),
    CONSTRAINT package_sales_check1 CHECK ((customer_id <> provider_account_id)),
    CONSTRAINT package_sales_check2 CHECK (((paid_at IS NULL) = (state = 'placed'::text))),
    CONSTRAINT package_sales_check3 CHECK (((paid_at IS NULL) = (valid_until IS NULL))),
    CONSTRAINT package_sales_check4 CHECK (((closed_at IS NULL) = (closed_by IS NULL))),
    CONSTRAINT package_sales_check5 CHECK (((ended_at IS NOT NULL) = (state = 'ended'::text))),
    CONSTRAINT package_sales_closed_by_check CHECK ((closed_by = ANY (ARRAY['expired'::text, 'given_up'::text]))),
    CONSTRAINT package_sales_sessions_check CHECK (((sessions >= 2) AND (sessions <= 100))),
    CONSTRAINT package_sales_state_check CHECK ((state = ANY (ARRAY['placed'::text, 'active'::text, 'ended'::text]))),
    CONSTRAINT package_sales_unused_back_percent_check CHECK (((unused_back_percent >= 0) AND (unused_back_percent <= 100))),
    CONSTRAINT package_sales_valid_days_check CHECK (((valid_days >= 1) AND (valid_days <= 730)))
);

CREATE TABLE marketplace.package_services (
    package_id uuid NOT NULL,
    service_id uuid NOT NULL
);

CREATE TABLE marketplace.packages (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    name text NOT NULL,
    name_ar text,
    sessions integer NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    valid_days integer NOT NULL,
    unused_back_percent integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT packages_check CHECK ((price_minor >= sessions)),
    CONSTRAINT packages_name_ar_check CHECK (((length(name_ar) >= 1) AND (length(name_ar) <= 120))),
    CONSTRAINT packages_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT packages_sessions_check CHECK (((sessions >= 2) AND (sessions <= 100))),
    CONSTRAINT packages_unused_back_percent_check CHECK (((unused_back_percent >= 0) AND (unused_back_percent <= 100))),
    CONSTRAINT packages_valid_days_check CHECK (((valid_days >= 1) AND (valid_days <= 730)))
);

CREATE TABLE marketplace.person_blocks (
    id uuid NOT NULL,
    blocker_id uuid NOT NULL,
    blocked_id uuid NOT NULL,
    chat_id uuid NOT NULL,
    blocked_at timestamp with time zone NOT NULL,
    lifted_at timestamp with time zone,
    CONSTRAINT person_blocks_check CHECK ((blocker_id <> blocked_id)),
    CONSTRAINT person_blocks_check1 CHECK ((lifted_at >= blocked_at))
);

CREATE TABLE marketplace.project_bookings (
    booking_id uuid NOT NULL,
    project_id uuid NOT NULL,
    linked_at timestamp with time zone NOT NULL
);

CREATE TABLE marketplace.project_events (
    project_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    side text NOT NULL,
    kind text NOT NULL,
    milestone_id uuid,
    note text,
    CONSTRAINT project_events_check CHECK (((note IS NULL) OR (kind = 'changes_requested'::text))),
    CONSTRAINT project_events_kind_check CHECK ((kind = ANY (ARRAY['created'::text, 'opened'::text, 'paused'::text, 'resumed'::text, 'completed'::text, 'cancelled'::text, 'started'::text, 'delivered'::text, 'accepted'::text, 'changes_requested'::text, 'invoiced'::text]))),
    CONSTRAINT project_events_note_check CHECK (((length(note) >= 1) AND (length(note) <= 1000))),
    CONSTRAINT project_events_seq_check CHECK ((seq >= 1)),
    CONSTRAINT project_events_side_check CHECK ((side = ANY (ARRAY['client'::text, 'provider'::text, 'staff'::text])))
);

CREATE TABLE marketplace.project_milestones (
    id uuid NOT NULL,
    project_id uuid NOT NULL,
    no integer NOT NULL,
    title text NOT NULL,
    due_on date NOT NULL,
    amount_minor bigint,
    state text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    delivered_at timestamp with time zone,
    accepted_at timestamp with time zone,
    invoice_id uuid,
    CONSTRAINT project_milestones_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT project_milestones_check CHECK (((accepted_at IS NOT NULL) = (state = 'accepted'::text))),
    CONSTRAINT project_milestones_check1 CHECK (((delivered_at IS NOT NULL) OR (state <> ALL (ARRAY['delivered'::text, 'accepted'::text, 'changes_requested'::text])))),
    CONSTRAINT project_milestones_check2 CHECK (((invoice_id IS NULL) OR ((state = 'accepted'::text) AND (amount_minor IS NOT NULL)))),
    CONSTRAINT project_milestones_no_check CHECK ((no >= 1)),
    CONSTRAINT project_milestones_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'in_progress'::text, 'delivered'::text, 'accepted'::text, 'changes_requested'::text]))),
    CONSTRAINT project_milestones_title_check CHECK (((length(title) >= 1) AND (length(title) <= 90)))
);

CREATE TABLE marketplace.provider_applications (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    business_name text NOT NULL,
    kind text NOT NULL,
    services text NOT NULL,
    country text NOT NULL,
    phone text,
    about text NOT NULL,
    state text DEFAULT 'submitted'::text NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    decided_by uuid,
    reason text,
    provider_id uuid,
    CONSTRAINT provider_applications_about_check CHECK (((length(about) >= 1) AND (length(about) <= 4000))),
    CONSTRAINT provider_applications_business_name_check CHECK (((length(business_name) >= 1) AND (length(business_name) <= 100))),
    CONSTRAINT provider_applications_check CHECK (((state = 'submitted'::text) = (ended_at IS NULL))),
    CONSTRAINT provider_applications_check1 CHECK (((state = ANY (ARRAY['approved'::text, 'rejected'::text])) = (decided_by IS NOT NULL))),
    CONSTRAINT provider_applications_check2 CHECK (((state = 'approved'::text) = (provider_id IS NOT NULL))),
    CONSTRAINT provider_applications_check3 CHECK (((state <> 'rejected'::text) OR (reason IS NOT NULL))),
    CONSTRAINT provider_applications_check4 CHECK (((decided_by IS NULL) OR (decided_by <> account_id))),
    CONSTRAINT provider_applications_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT provider_applications_kind_check CHECK ((kind = ANY (ARRAY['advisor'::text, 'technician'::text]))),
    CONSTRAINT provider_applications_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text)),
    CONSTRAINT provider_applications_reason_check CHECK (((length(reason) >= 3) AND (length(reason) <= 500))),
    CONSTRAINT provider_applications_services_check CHECK (((length(services) >= 1) AND (length(services) <= 1000))),
    CONSTRAINT provider_applications_state_check CHECK ((state = ANY (ARRAY['submitted'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text])))
);

CREATE TABLE marketplace.providers (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    display_name text NOT NULL,
    headline text NOT NULL,
    bio text NOT NULL,
    kind text NOT NULL,
    zone text NOT NULL,
    languages text[] NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    latitude double precision,
    longitude double precision,
    CONSTRAINT providers_bio_check CHECK ((length(bio) <= 4000)),
    CONSTRAINT providers_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 100))),
    CONSTRAINT providers_headline_check CHECK (((length(headline) >= 1) AND (length(headline) <= 160))),
    CONSTRAINT providers_kind_check CHECK ((kind = ANY (ARRAY['advisor'::text, 'technician'::text]))),
    CONSTRAINT providers_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT providers_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT providers_place CHECK (((latitude IS NULL) = (longitude IS NULL))),
    CONSTRAINT providers_state_check CHECK ((state = ANY (ARRAY['active'::text, 'suspended'::text]))),
    CONSTRAINT providers_zone_check CHECK (((length(zone) >= 1) AND (length(zone) <= 64)))
);

CREATE TABLE marketplace.reminders (
    booking_id uuid NOT NULL,
    revision integer NOT NULL,
    kind text NOT NULL,
    person_id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state text NOT NULL,
    reason text,
    decided_at timestamp with time zone,
    CONSTRAINT reminders_check CHECK (((state = 'planned'::text) = (decided_at IS NULL))),
    CONSTRAINT reminders_check1 CHECK (((state = 'skipped'::text) = (reason IS NOT NULL))),
    CONSTRAINT reminders_kind_check CHECK ((kind = ANY (ARRAY['day'::text, 'soon'::text]))),
    CONSTRAINT reminders_reason_check CHECK ((reason = ANY (ARRAY['booked_late'::text, 'moved'::text, 'ended'::text, 'too_late'::text]))),
    CONSTRAINT reminders_revision_check CHECK ((revision > 0)),
    CONSTRAINT reminders_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'sent'::text, 'skipped'::text])))
);

CREATE TABLE marketplace.resource_shares (
    resource_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    shared_at timestamp with time zone NOT NULL
);

CREATE TABLE marketplace.resources (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    name text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    removed_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT resources_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60)))
);

CREATE TABLE marketplace.review_windows (
    booking_id uuid NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    CONSTRAINT review_windows_check CHECK ((closes_at > opened_at)),
    CONSTRAINT review_windows_check1 CHECK (((published_at IS NULL) OR (withdrawn_at IS NULL)))
);

CREATE TABLE marketplace.reviews (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    author text NOT NULL,
    author_known boolean DEFAULT true NOT NULL,
    rating integer NOT NULL,
    text text,
    written_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone,
    reply text,
    replied_at timestamp with time zone,
    hidden_rule text,
    hidden_why text,
    hidden_by uuid,
    hidden_at timestamp with time zone,
    CONSTRAINT reviews_author_check CHECK ((author = ANY (ARRAY['customer'::text, 'provider'::text]))),
    CONSTRAINT reviews_check CHECK (((replied_at IS NULL) OR ((author = 'customer'::text) AND (published_at IS NOT NULL)))),
    CONSTRAINT reviews_check1 CHECK (((reply IS NULL) OR (replied_at IS NOT NULL))),
    CONSTRAINT reviews_check2 CHECK (((hidden_at IS NULL) OR (published_at IS NOT NULL))),
    CONSTRAINT reviews_check3 CHECK ((((hidden_at IS NULL) = (hidden_rule IS NULL)) AND ((hidden_at IS NULL) = (hidden_why IS NULL)) AND ((hidden_at IS NULL) = (hidden_by IS NULL)))),
    CONSTRAINT reviews_hidden_rule_check CHECK ((hidden_rule = ANY (ARRAY['words'::text, 'not_genuine'::text]))),
    CONSTRAINT reviews_hidden_why_check CHECK (((length(hidden_why) >= 3) AND (length(hidden_why) <= 500))),
    CONSTRAINT reviews_rating_check CHECK (((rating >= 1) AND (rating <= 5))),
    CONSTRAINT reviews_reply_check CHECK (((length(reply) >= 1) AND (length(reply) <= 2000))),
    CONSTRAINT reviews_text_check CHECK (((length(text) >= 1) AND (length(text) <= 2000)))
);

CREATE TABLE marketplace.series (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    service_id uuid NOT NULL,
    every_weeks integer NOT NULL,
    occurrences integer NOT NULL,
    zone text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT series_every_weeks_check CHECK (((every_weeks >= 1) AND (every_weeks <= 8))),
    CONSTRAINT series_occurrences_check CHECK (((occurrences >= 2) AND (occurrences <= 26)))
);

CREATE TABLE marketplace.service_resources (
    service_id uuid NOT NULL,
    resource_id uuid NOT NULL
);

CREATE TABLE marketplace.services (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    kind text NOT NULL,
    minutes integer NOT NULL,
    buffer_minutes integer NOT NULL,
    price_minor bigint NOT NULL,
    currency text NOT NULL,
    notice_minutes integer NOT NULL,
    horizon_days integer NOT NULL,
    active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name_ar text,
    category_id text,
    revision integer DEFAULT 1 NOT NULL,
    words tsvector NOT NULL,
    asks_approval boolean DEFAULT false NOT NULL,
    series_most integer DEFAULT 0 NOT NULL,
    minute_minor bigint,
    CONSTRAINT services_buffer_minutes_check CHECK (((buffer_minutes >= 0) AND (buffer_minutes <= 240))),
    CONSTRAINT services_by_minute CHECK (((minute_minor IS NULL) OR ((kind = 'consultation'::text) AND (price_minor = (minute_minor * minutes))))),
    CONSTRAINT services_check CHECK (((series_most = 0) OR (NOT asks_approval))),
    CONSTRAINT services_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT services_description_check CHECK (((length(description) >= 1) AND (length(description) <= 4000))),
    CONSTRAINT services_horizon_days_check CHECK (((horizon_days >= 1) AND (horizon_days <= 365))),
    CONSTRAINT services_kind_check CHECK ((kind = ANY (ARRAY['consultation'::text, 'visit'::text]))),
    CONSTRAINT services_minute_minor_check CHECK ((minute_minor > 0)),
    CONSTRAINT services_minutes_check CHECK (((minutes >= 10) AND (minutes <= 720))),
    CONSTRAINT services_name_ar_check CHECK (((length(name_ar) >= 1) AND (length(name_ar) <= 120))),
    CONSTRAINT services_name_check CHECK (((length(name) >= 1) AND (length(name) <= 120))),
    CONSTRAINT services_notice_minutes_check CHECK (((notice_minutes >= 0) AND (notice_minutes <= 43200))),
    CONSTRAINT services_price_minor_check CHECK ((price_minor > 0)),
    CONSTRAINT services_revision_check CHECK ((revision > 0)),
    CONSTRAINT services_series_most_check CHECK (((series_most = 0) OR ((series_most >= 2) AND (series_most <= 26))))
);

CREATE TABLE marketplace.talk_reports (
    id uuid NOT NULL,
    chat_id uuid NOT NULL,
    reporter_id uuid NOT NULL,
    reported_id uuid NOT NULL,
    reason text NOT NULL,
    words text,
    message_id uuid,
    message_seq bigint,
    message_text text,
    message_sent_at timestamp with time zone,
    state text NOT NULL,
    outcome text,
    why text,
    reported_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    CONSTRAINT talk_reports_check CHECK ((reporter_id <> reported_id)),
    CONSTRAINT talk_reports_check1 CHECK ((num_nulls(message_id, message_seq, message_sent_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT talk_reports_check2 CHECK (((state = 'open'::text) = (decided_at IS NULL))),
    CONSTRAINT talk_reports_check3 CHECK (((state = 'open'::text) = (outcome IS NULL))),
    CONSTRAINT talk_reports_check4 CHECK (((state = 'open'::text) = (decided_by IS NULL))),
    CONSTRAINT talk_reports_outcome_check CHECK ((outcome = ANY (ARRAY['nothing'::text, 'warned'::text, 'chat_closed'::text, 'suspended'::text]))),
    CONSTRAINT talk_reports_reason_check CHECK ((reason = ANY (ARRAY['harassment'::text, 'outside_payment'::text, 'fraud'::text, 'spam'::text, 'other'::text]))),
    CONSTRAINT talk_reports_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text]))),
    CONSTRAINT talk_reports_why_check CHECK (((length(why) >= 3) AND (length(why) <= 500))),
    CONSTRAINT talk_reports_words_check CHECK ((length(words) <= 1000))
);

CREATE TABLE marketplace.time_changes (
    booking_id uuid NOT NULL,
    was_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    found_at timestamp with time zone NOT NULL,
    CONSTRAINT time_changes_check CHECK ((was_at <> due_at)),
    CONSTRAINT time_changes_outcome_check CHECK ((outcome = ANY (ARRAY['kept'::text, 'taken'::text, 'skipped'::text])))
);

CREATE TABLE marketplace.travel_times (
    way bytea NOT NULL,
    source text NOT NULL,
    seconds integer NOT NULL,
    metres integer NOT NULL,
    as_of timestamp with time zone NOT NULL,
    CONSTRAINT travel_times_metres_check CHECK (((metres >= 0) AND (metres <= 20000000))),
    CONSTRAINT travel_times_seconds_check CHECK (((seconds >= 0) AND (seconds <= 864000))),
    CONSTRAINT travel_times_source_check CHECK ((source = ANY (ARRAY['google'::text, 'osrm'::text]))),
    CONSTRAINT travel_times_way_check CHECK ((length(way) = 32))
);

CREATE TABLE marketplace.visit_events (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    by_id uuid NOT NULL,
    arrival_at timestamp with time zone,
    CONSTRAINT visit_events_check CHECK (((kind = 'on_my_way'::text) = (arrival_at IS NOT NULL))),
    CONSTRAINT visit_events_kind_check CHECK ((kind = ANY (ARRAY['on_my_way'::text, 'code_wrong'::text, 'code_renewed'::text, 'arrived'::text])))
);

CREATE TABLE marketplace.visits (
    booking_id uuid NOT NULL,
    address bytea,
    address_at timestamp with time zone,
    leaves_for timestamp with time zone,
    on_my_way_at timestamp with time zone,
    arrival_at timestamp with time zone,
    arrived_at timestamp with time zone,
    code_round integer DEFAULT 1 NOT NULL,
    code_tries integer DEFAULT 0 NOT NULL,
    CONSTRAINT visits_check CHECK (((address IS NULL) = (address_at IS NULL))),
    CONSTRAINT visits_check1 CHECK ((num_nulls(leaves_for, on_my_way_at, arrival_at) = ANY (ARRAY[0, 3]))),
    CONSTRAINT visits_check2 CHECK ((arrival_at > on_my_way_at)),
    CONSTRAINT visits_code_round_check CHECK (((code_round >= 1) AND (code_round <= 10))),
    CONSTRAINT visits_code_tries_check CHECK (((code_tries >= 0) AND (code_tries <= 5)))
);

CREATE TABLE marketplace.waits (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    service_id uuid NOT NULL,
    from_date date NOT NULL,
    until_date date NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    told integer DEFAULT 0 NOT NULL,
    told_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT waits_check CHECK ((((until_date - from_date) >= 0) AND ((until_date - from_date) <= 30))),
    CONSTRAINT waits_check1 CHECK ((from_at < until_at)),
    CONSTRAINT waits_told_check CHECK ((told >= 0))
);

CREATE TABLE marketplace.weekly_hours (
    provider_id uuid NOT NULL,
    weekday integer NOT NULL,
    from_minute integer NOT NULL,
    until_minute integer NOT NULL,
    CONSTRAINT weekly_hours_check CHECK ((from_minute < until_minute)),
    CONSTRAINT weekly_hours_from_minute_check CHECK (((from_minute >= 0) AND (from_minute <= 1439))),
    CONSTRAINT weekly_hours_until_minute_check CHECK (((until_minute >= 1) AND (until_minute <= 1440))),
    CONSTRAINT weekly_hours_weekday_check CHECK (((weekday >= 1) AND (weekday <= 7)))
);

CREATE TABLE messaging.bursts (
    person_id uuid NOT NULL,
    category text NOT NULL,
    way text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    passed integer NOT NULL,
    held integer NOT NULL,
    digest_id uuid,
    CONSTRAINT bursts_category_check CHECK (((length(category) >= 1) AND (length(category) <= 20))),
    CONSTRAINT bursts_held_check CHECK ((held >= 0)),
    CONSTRAINT bursts_passed_check CHECK ((passed >= 0)),
    CONSTRAINT bursts_way_check CHECK (((length(way) >= 1) AND (length(way) <= 50)))
);

CREATE TABLE messaging.deliveries (
    id uuid NOT NULL,
    notice_id uuid,
    person_id uuid NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    unique_key text,
    secrets bytea,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    reason text,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    to_hint text,
    useful_until timestamp with time zone,
    provider_ref text,
    delivered_at timestamp with time zone,
    sender text,
    doubt text,
    address_key bytea,
    device uuid,
    category text,
    digest_id uuid,
    parts integer,
    template_version integer,
    CONSTRAINT deliveries_address_key_check CHECK ((length(address_key) = 32)),
    CONSTRAINT deliveries_category_check CHECK (((length(category) >= 1) AND (length(category) <= 20))),
    CONSTRAINT deliveries_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text, 'push'::text]))),
    CONSTRAINT deliveries_check CHECK (((state = 'sent'::text) = (sent_at IS NOT NULL))),
    CONSTRAINT deliveries_check1 CHECK (((state <> 'failed'::text) OR (reason IS NOT NULL))),
    CONSTRAINT deliveries_check3 CHECK (((delivered_at IS NULL) OR (state = 'sent'::text))),
    CONSTRAINT deliveries_device CHECK (((channel = 'push'::text) = (device IS NOT NULL))),
    CONSTRAINT deliveries_doubt_check CHECK ((length(doubt) <= 20)),
    CONSTRAINT deliveries_not_mail CHECK (((channel <> 'email'::text) OR (to_hint IS NULL))),
    CONSTRAINT deliveries_parts_check CHECK (((parts >= 1) AND (parts <= 50))),
    CONSTRAINT deliveries_provider_ref_check CHECK ((length(provider_ref) <= 64)),
    CONSTRAINT deliveries_sender_check CHECK ((length(sender) <= 20)),
    CONSTRAINT deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'suppressed'::text]))),
    CONSTRAINT deliveries_suppressed_why CHECK (((state <> 'suppressed'::text) OR (reason IS NOT NULL))),
    CONSTRAINT deliveries_template_version_check CHECK ((template_version >= 0)),
    CONSTRAINT deliveries_to_hint_check CHECK ((length(to_hint) <= 8))
)
WITH (fillfactor='80');

CREATE TABLE messaging.delivery_log (
    id bigint NOT NULL,
    delivery_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    reason text,
    reply text,
    sender text,
    CONSTRAINT delivery_log_sender_check CHECK ((length(sender) <= 20))
);

ALTER TABLE messaging.delivery_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME messaging.delivery_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE messaging.notices (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    template text NOT NULL,
    facts jsonb NOT NULL,
    unique_key text,
    created_at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    shown boolean DEFAULT true NOT NULL
);

CREATE TABLE messaging.preferences (
    person_id uuid NOT NULL,
    category text NOT NULL,
    channel text NOT NULL,
    wanted boolean NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT preferences_category_check CHECK (((length(category) >= 1) AND (length(category) <= 20))),
    CONSTRAINT preferences_channel_check CHECK ((channel = ANY (ARRAY['inbox'::text, 'email'::text, 'push'::text, 'sms'::text])))
);

CREATE TABLE messaging.push_devices (
    session_id uuid NOT NULL,
    person_id uuid NOT NULL,
    token_key bytea NOT NULL,
    token bytea NOT NULL,
    platform text NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    CONSTRAINT push_devices_platform_check CHECK ((platform = ANY (ARRAY['android'::text, 'ios'::text, 'web'::text]))),
    CONSTRAINT push_devices_token_key_check CHECK ((length(token_key) = 32))
);

CREATE TABLE messaging.quiet_hours (
    person_id uuid NOT NULL,
    starts integer NOT NULL,
    ends integer NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT quiet_hours_check CHECK ((((ends >= 0) AND (ends <= 1439)) AND (ends <> starts))),
    CONSTRAINT quiet_hours_starts_check CHECK (((starts >= 0) AND (starts <= 1439)))
);

CREATE TABLE messaging.recipients (
    person_id uuid NOT NULL,
    email text NOT NULL,
    display_name text NOT NULL,
    language text NOT NULL,
    zone text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    phone text,
    CONSTRAINT recipients_email_check CHECK (((length(email) >= 3) AND (length(email) <= 254))),
    CONSTRAINT recipients_phone_check CHECK ((phone ~ '^\+[1-9][0-9]{6,14}$'::text))
);

CREATE TABLE messaging.suppressions (
    id uuid NOT NULL,
    person_id uuid NOT NULL,
    channel text NOT NULL,
    address_key bytea NOT NULL,
    address bytea NOT NULL,
    hint text NOT NULL,
    reason text NOT NULL,
    source text NOT NULL,
    delivery_id uuid NOT NULL,
    suppressed_at timestamp with time zone NOT NULL,
    CONSTRAINT suppressions_address_key_check CHECK ((length(address_key) = 32)),
    CONSTRAINT suppressions_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
    CONSTRAINT suppressions_hint_check CHECK (((length(hint) >= 2) AND (length(hint) <= 254))),
    CONSTRAINT suppressions_reason_check CHECK ((reason = ANY (ARRAY['bounced'::text, 'refused'::text, 'dropped'::text, 'complained'::text, 'unsubscribed'::text, 'number_invalid'::text, 'not_mobile'::text]))),
    CONSTRAINT suppressions_source_check CHECK ((length(source) <= 20))
);

CREATE TABLE messaging.template_versions (
    template text NOT NULL,
    version integer NOT NULL,
    words jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    made_by uuid NOT NULL,
    why text NOT NULL,
    CONSTRAINT template_versions_template_check CHECK (((length(template) >= 1) AND (length(template) <= 80))),
    CONSTRAINT template_versions_version_check CHECK (((version >= 1) AND (version <= 10000))),
    CONSTRAINT template_versions_why_check CHECK (((length(why) >= 3) AND (length(why) <= 500)))
);

CREATE TABLE messaging.templates_in_force (
    template text NOT NULL,
    version integer NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE messaging.text_answers (
    sid text NOT NULL,
    word text NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    CONSTRAINT text_answers_sid_check CHECK (((length(sid) >= 1) AND (length(sid) <= 64))),
    CONSTRAINT text_answers_word_check CHECK ((word = ANY (ARRAY['stop'::text, 'start'::text])))
);

CREATE TABLE messaging.voices (
    key bytea NOT NULL,
    person_id uuid NOT NULL,
    audio bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT voices_audio_check CHECK (((length(audio) >= 1) AND (length(audio) <= 2097152))),
    CONSTRAINT voices_key_check CHECK ((length(key) = 32))
);

CREATE TABLE money.accounts (
    id bigint NOT NULL,
    kind text NOT NULL,
    owner_id uuid,
    currency text NOT NULL,
    CONSTRAINT accounts_check CHECK (((kind = ANY (ARRAY['provider_available'::text, 'provider_reserved'::text, 'provider_disputed'::text, 'provider_rolling'::text])) = (owner_id IS NOT NULL))),
    CONSTRAINT accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT accounts_kind_check CHECK ((kind = ANY (ARRAY['gateway_clearing'::text, 'bank'::text, 'cash'::text, 'disputed_funds'::text, 'escrow'::text, 'unapplied'::text, 'provider_available'::text, 'provider_reserved'::text, 'provider_disputed'::text, 'provider_rolling'::text, 'fee_tax'::text, 'refunds_in_transit'::text, 'payouts_in_transit'::text, 'suspense'::text, 'platform_fee'::text, 'platform_sales'::text, 'payout_fee'::text, 'gateway_fees'::text, 'fee_variance'::text, 'dispute_fees'::text, 'dispute_losses'::text, 'write_offs'::text, 'rounding'::text, 'fx_position'::text])))
);

ALTER TABLE money.accounts ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.accounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.approvals (
    id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    facts jsonb NOT NULL,
    currency text,
    minor bigint,
    reason text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    asked_by uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    said text,
    CONSTRAINT approvals_check CHECK (((currency IS NULL) = (minor IS NULL))),
    CONSTRAINT approvals_check1 CHECK (((state = 'pending'::text) = (decided_by IS NULL))),
    CONSTRAINT approvals_check2 CHECK (((state = 'pending'::text) = (decided_at IS NULL))),
    CONSTRAINT approvals_check3 CHECK (((state <> ALL (ARRAY['approved'::text, 'rejected'::text])) OR (decided_by <> asked_by))),
    CONSTRAINT approvals_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT approvals_said_check CHECK (((length(said) >= 1) AND (length(said) <= 500))),
    CONSTRAINT approvals_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'withdrawn'::text]))),
    CONSTRAINT approvals_subject_check CHECK (((length(subject) >= 1) AND (length(subject) <= 100)))
);

CREATE TABLE money.balance_rounds (
    moment_id bigint NOT NULL,
    reach timestamp with time zone NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE money.balances (
    account_id bigint NOT NULL,
    owed_minor bigint NOT NULL
)
WITH (fillfactor='60');

CREATE TABLE money.bank_results (
    reference text NOT NULL,
    payout_id uuid NOT NULL,
    outcome text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    note text,
    recorded_by uuid,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT bank_results_minor_check CHECK ((minor > 0)),
    CONSTRAINT bank_results_outcome_check CHECK ((outcome = ANY (ARRAY['paid'::text, 'returned'::text]))),
    CONSTRAINT bank_results_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 200)))
);

CREATE TABLE money.books (
    one boolean DEFAULT true NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    closed_until timestamp with time zone DEFAULT '-infinity'::timestamp with time zone NOT NULL,
    CONSTRAINT books_epoch_check CHECK ((epoch > 0)),
    CONSTRAINT books_one_check CHECK (one)
);

CREATE TABLE money.captures (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    state text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    final boolean NOT NULL,
    requested_by uuid,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    failure_text text,
    checks integer DEFAULT 0 NOT NULL,
    CONSTRAINT captures_check CHECK (((state = ANY (ARRAY['completed'::text, 'failed'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT captures_minor_check CHECK ((minor > 0)),
    CONSTRAINT captures_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'unknown'::text, 'completed'::text, 'failed'::text])))
);

CREATE TABLE money.clock_doubts (
    gateway text NOT NULL,
    since timestamp with time zone NOT NULL,
    count integer NOT NULL,
    seconds_off bigint NOT NULL,
    CONSTRAINT clock_doubts_count_check CHECK ((count > 0))
);

CREATE TABLE money.closings (
    until timestamp with time zone NOT NULL,
    last_journal bigint NOT NULL,
    closed_at timestamp with time zone NOT NULL,
    closed_by uuid NOT NULL,
    why text NOT NULL,
    CONSTRAINT closings_check CHECK (((until = date_trunc('month'::text, until, 'UTC'::text)) AND (closed_at >= until))),
    CONSTRAINT closings_why_check CHECK (((length(why) >= 1) AND (length(why) <= 500)))
);

CREATE TABLE money.conversions (
    id uuid NOT NULL,
    rate_id uuid NOT NULL,
    from_kind text NOT NULL,
    from_currency text NOT NULL,
    from_minor bigint NOT NULL,
    to_kind text NOT NULL,
    to_currency text NOT NULL,
    to_minor bigint NOT NULL,
    converted_by uuid,
    why text NOT NULL,
    converted_at timestamp with time zone NOT NULL,
    CONSTRAINT conversions_check CHECK ((from_currency <> to_currency)),
    CONSTRAINT conversions_from_minor_check CHECK ((from_minor > 0)),
    CONSTRAINT conversions_to_minor_check CHECK ((to_minor > 0)),
    CONSTRAINT conversions_why_check CHECK (((length(why) >= 1) AND (length(why) <= 500)))
);

CREATE TABLE money.destination_accounts (
    destination_id uuid NOT NULL,
    rail text NOT NULL,
    currency text NOT NULL,
    account text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT destination_accounts_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);

CREATE TABLE money.destinations (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    holder_sealed bytea NOT NULL,
    hint text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    usable_from timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    changed_by uuid NOT NULL,
    flagged_at timestamp with time zone,
    flag_reason text,
    kind text DEFAULT 'bank'::text NOT NULL,
    CONSTRAINT destinations_check CHECK (((flagged_at IS NULL) = (flag_reason IS NULL))),
    CONSTRAINT destinations_kind_check CHECK ((kind = ANY (ARRAY['bank'::text, 'paypal'::text, 'mpesa'::text])))
);

CREATE TABLE money.dispute_evidence (
    id uuid NOT NULL,
    dispute_id uuid NOT NULL,
    state text NOT NULL,
    fields jsonb NOT NULL,
    submitted_by uuid,
    checks integer DEFAULT 0 NOT NULL,
    failure_text text,
    created_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    CONSTRAINT dispute_evidence_check CHECK (((state = 'submitted'::text) = (submitted_at IS NOT NULL))),
    CONSTRAINT dispute_evidence_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'unknown'::text, 'submitted'::text, 'refused'::text])))
);

CREATE TABLE money.disputes (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    gateway text NOT NULL,
    gateway_ref text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    "position" text DEFAULT 'none'::text NOT NULL,
    taken_minor bigint DEFAULT 0 NOT NULL,
    taken_fee_minor bigint DEFAULT 0 NOT NULL,
    taken_tax_minor bigint DEFAULT 0 NOT NULL,
    excess_minor bigint DEFAULT 0 NOT NULL,
    withdrawn_minor bigint DEFAULT 0 NOT NULL,
    reinstated_minor bigint DEFAULT 0 NOT NULL,
    fee_currency text,
    fee_minor bigint DEFAULT 0 NOT NULL,
    fee_returned_minor bigint DEFAULT 0 NOT NULL,
    fee_bearer text NOT NULL,
    fee_charged_minor bigint DEFAULT 0 NOT NULL,
    postings integer DEFAULT 0 NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    due_at timestamp with time zone,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    reinstated_at timestamp with time zone,
    accept_asked_at timestamp with time zone,
    accept_asked_by uuid,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT disputes_check CHECK (((taken_minor >= 0) AND (taken_minor <= minor))),
    CONSTRAINT disputes_check1 CHECK (((taken_fee_minor >= 0) AND (taken_fee_minor <= taken_minor))),
    CONSTRAINT disputes_check2 CHECK (((taken_tax_minor >= 0) AND ((taken_fee_minor + taken_tax_minor) <= taken_minor))),
    CONSTRAINT disputes_check3 CHECK (((reinstated_minor >= 0) AND (reinstated_minor <= withdrawn_minor))),
    CONSTRAINT disputes_check4 CHECK (((fee_returned_minor >= 0) AND (fee_returned_minor <= fee_minor))),
    CONSTRAINT disputes_check5 CHECK (((closed_at IS NULL) = (state = ANY (ARRAY['warning_needs_response'::text, 'warning_under_review'::text, 'needs_response'::text, 'under_review'::text])))),
    CONSTRAINT disputes_check6 CHECK ((("position" <> 'none'::text) OR (taken_minor = 0))),
    CONSTRAINT disputes_check7 CHECK ((("position" = 'lost'::text) OR (excess_minor = 0))),
    CONSTRAINT disputes_check8 CHECK (((fee_minor = 0) OR (fee_currency IS NOT NULL))),
    CONSTRAINT disputes_excess_minor_check CHECK ((excess_minor >= 0)),
    CONSTRAINT disputes_fee_bearer_check CHECK ((fee_bearer = ANY (ARRAY['platform'::text, 'provider'::text]))),
    CONSTRAINT disputes_fee_charged_minor_check CHECK ((fee_charged_minor >= 0)),
    CONSTRAINT disputes_fee_minor_check CHECK ((fee_minor >= 0)),
    CONSTRAINT disputes_gateway_ref_check CHECK (((length(gateway_ref) >= 1) AND (length(gateway_ref) <= 255))),
    CONSTRAINT disputes_minor_check CHECK ((minor > 0)),
    CONSTRAINT disputes_position_check CHECK (("position" = ANY (ARRAY['none'::text, 'held'::text, 'lost'::text]))),
    CONSTRAINT disputes_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 100))),
    CONSTRAINT disputes_state_check CHECK ((state = ANY (ARRAY['warning_needs_response'::text, 'warning_under_review'::text, 'warning_closed'::text, 'needs_response'::text, 'under_review'::text, 'won'::text, 'lost'::text, 'accepted'::text, 'prevented'::text]))),
    CONSTRAINT disputes_withdrawn_minor_check CHECK ((withdrawn_minor >= 0))
)
WITH (fillfactor='80');

CREATE TABLE money.entries (
    journal_id bigint NOT NULL,
    no smallint NOT NULL,
    account_id bigint NOT NULL,
    minor bigint NOT NULL,
    CONSTRAINT entries_minor_check CHECK ((minor <> 0))
);

CREATE TABLE money.epochs (
    epoch integer NOT NULL,
    why text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    last_position bigint NOT NULL,
    CONSTRAINT epochs_why_check CHECK (((length(why) >= 1) AND (length(why) <= 500)))
);

CREATE TABLE money.escrow_parts (
    order_id uuid NOT NULL,
    key text NOT NULL,
    gross_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    released_at timestamp with time zone NOT NULL,
    taken_back_at timestamp with time zone,
    CONSTRAINT escrow_parts_check CHECK (((fee_minor + tax_minor) <= gross_minor)),
    CONSTRAINT escrow_parts_fee_minor_check CHECK ((fee_minor >= 0)),
    CONSTRAINT escrow_parts_gross_minor_check CHECK ((gross_minor > 0)),
    CONSTRAINT escrow_parts_key_check CHECK (((length(key) >= 1) AND (length(key) <= 60))),
    CONSTRAINT escrow_parts_tax_minor_check CHECK ((tax_minor >= 0))
);

CREATE TABLE money.explain_rules (
    id bigint NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    line_kind text NOT NULL,
    text_part text NOT NULL,
    reason text NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT explain_rules_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT explain_rules_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT explain_rules_text_part_check CHECK (((length(text_part) >= 1) AND (length(text_part) <= 100)))
);

ALTER TABLE money.explain_rules ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.explain_rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.fee_rules (
    id uuid NOT NULL,
    provider_id uuid,
    category text,
    currency text,
    basis_points integer NOT NULL,
    fixed_minor bigint NOT NULL,
    minimum_minor bigint NOT NULL,
    maximum_minor bigint,
    tax_basis_points integer NOT NULL,
    reason text NOT NULL,
    made_by uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    retired_by uuid,
    retired_at timestamp with time zone,
    CONSTRAINT fee_rules_basis_points_check CHECK (((basis_points >= 0) AND (basis_points <= 10000))),
    CONSTRAINT fee_rules_category_check CHECK (((length(category) >= 1) AND (length(category) <= 60))),
    CONSTRAINT fee_rules_check CHECK ((maximum_minor >= minimum_minor)),
    CONSTRAINT fee_rules_check1 CHECK ((num_nonnulls(provider_id, category) <= 1)),
    CONSTRAINT fee_rules_check2 CHECK (((currency IS NOT NULL) OR ((fixed_minor = 0) AND (minimum_minor = 0) AND (maximum_minor IS NULL)))),
    CONSTRAINT fee_rules_check3 CHECK (((retired_at IS NULL) = (retired_by IS NULL))),
    CONSTRAINT fee_rules_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT fee_rules_fixed_minor_check CHECK ((fixed_minor >= 0)),
    CONSTRAINT fee_rules_minimum_minor_check CHECK ((minimum_minor >= 0)),
    CONSTRAINT fee_rules_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT fee_rules_tax_basis_points_check CHECK (((tax_basis_points >= 0) AND (tax_basis_points <= 10000)))
);

CREATE TABLE money.fx_rates (
    id uuid NOT NULL,
    base text NOT NULL,
    quote text NOT NULL,
    numerator bigint NOT NULL,
    denominator bigint NOT NULL,
    source text NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by uuid,
    CONSTRAINT fx_rates_base_check CHECK ((base ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT fx_rates_check CHECK ((base <> quote)),
    CONSTRAINT fx_rates_denominator_check CHECK ((denominator > 0)),
    CONSTRAINT fx_rates_numerator_check CHECK ((numerator > 0)),
    CONSTRAINT fx_rates_quote_check CHECK ((quote ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT fx_rates_source_check CHECK (((length(source) >= 1) AND (length(source) <= 100)))
);

CREATE TABLE money.gateway_calls (
    gateway text NOT NULL,
    hour timestamp with time zone NOT NULL,
    up_to_ms integer NOT NULL,
    answered boolean NOT NULL,
    calls bigint NOT NULL,
    CONSTRAINT gateway_calls_calls_check CHECK ((calls > 0)),
    CONSTRAINT gateway_calls_up_to_ms_check CHECK ((up_to_ms > 0))
);

CREATE TABLE money.gateway_customers (
    account_id uuid NOT NULL,
    gateway text NOT NULL,
    reference text NOT NULL,
    default_method uuid,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE money.gateway_fee_rules (
    id bigint NOT NULL,
    gateway text NOT NULL,
    currency text,
    basis_points integer NOT NULL,
    fixed_minor bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    set_by uuid NOT NULL,
    set_at timestamp with time zone NOT NULL,
    CONSTRAINT gateway_fee_rules_basis_points_check CHECK (((basis_points >= 0) AND (basis_points <= 10000))),
    CONSTRAINT gateway_fee_rules_check CHECK (((currency IS NOT NULL) OR (fixed_minor = 0))),
    CONSTRAINT gateway_fee_rules_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT gateway_fee_rules_fixed_minor_check CHECK ((fixed_minor >= 0))
);

ALTER TABLE money.gateway_fee_rules ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.gateway_fee_rules_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.gateway_settlements (
    id uuid NOT NULL,
    source text NOT NULL,
    reference text NOT NULL,
    line_id bigint NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    sent_at timestamp with time zone NOT NULL,
    arrives_on date NOT NULL,
    bank_line_id bigint,
    returned_at timestamp with time zone
);

CREATE TABLE money.invoice_files (
    invoice_id uuid NOT NULL,
    sealed bytea NOT NULL,
    sha256 bytea NOT NULL,
    bytes integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT invoice_files_bytes_check CHECK ((bytes > 0)),
    CONSTRAINT invoice_files_sha256_check CHECK ((length(sha256) = 32))
);

CREATE TABLE money.invoice_guards (
    invoice_id uuid NOT NULL,
    order_id uuid NOT NULL,
    total_minor bigint NOT NULL,
    credited_minor bigint DEFAULT 0 NOT NULL,
    voided boolean DEFAULT false NOT NULL,
    CONSTRAINT invoice_guards_check CHECK (((credited_minor >= 0) AND (credited_minor <= total_minor))),
    CONSTRAINT invoice_guards_check1 CHECK (((NOT voided) OR (credited_minor = total_minor))),
    CONSTRAINT invoice_guards_total_minor_check CHECK ((total_minor >= 0))
)
WITH (fillfactor='80');

CREATE TABLE money.invoice_series (
    series text NOT NULL,
    last_no bigint NOT NULL,
    CONSTRAINT invoice_series_last_no_check CHECK ((last_no >= 0)),
    CONSTRAINT invoice_series_series_check CHECK ((series ~ '^[A-Z0-9][A-Z0-9/-]{0,18}$'::text))
)
WITH (fillfactor='50');

CREATE TABLE money.invoices (
    id uuid NOT NULL,
    kind text NOT NULL,
    series text NOT NULL,
    no bigint NOT NULL,
    number text NOT NULL,
    order_id uuid NOT NULL,
    invoice_id uuid,
    payment_id uuid,
    refund_id uuid,
    buyer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    deposit boolean DEFAULT false NOT NULL,
    deducts uuid,
    language text NOT NULL,
    buyer_sealed bytea NOT NULL,
    content text NOT NULL,
    content_sha256 bytea NOT NULL,
    due_at timestamp with time zone,
    issued_at timestamp with time zone NOT NULL,
    issued_by uuid,
    CONSTRAINT invoices_check CHECK ((abs(tax_minor) <= total_minor)),
    CONSTRAINT invoices_check1 CHECK ((content_sha256 = sha256(convert_to(content, 'UTF8'::name)))),
    CONSTRAINT invoices_check2 CHECK (((kind <> 'credit_note'::text) OR (invoice_id IS NOT NULL))),
    CONSTRAINT invoices_check3 CHECK (((kind <> 'receipt'::text) OR (num_nonnulls(payment_id, refund_id) = 1))),
    CONSTRAINT invoices_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT invoices_kind_check CHECK ((kind = ANY (ARRAY['invoice'::text, 'credit_note'::text, 'receipt'::text]))),
    CONSTRAINT invoices_language_check CHECK ((language = ANY (ARRAY['en'::text, 'ar'::text]))),
    CONSTRAINT invoices_no_check CHECK ((no > 0)),
    CONSTRAINT invoices_total_minor_check CHECK ((total_minor >= 0))
);

CREATE TABLE money.journals (
    id bigint NOT NULL,
    reference text NOT NULL,
    kind text NOT NULL,
    order_id uuid,
    effective_at timestamp with time zone NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    tx xid8 DEFAULT pg_current_xact_id() NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    counted_at timestamp with time zone,
    CONSTRAINT journals_counted CHECK ((counted_at > effective_at))
);

ALTER TABLE money.journals ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.journals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.moments (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    epoch integer NOT NULL,
    xid xid8 NOT NULL,
    floor_id bigint NOT NULL
);

ALTER TABLE money.moments ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.moments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.order_holds (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    reason text NOT NULL,
    held_by uuid,
    held_at timestamp with time zone NOT NULL,
    ended_by uuid,
    ended_at timestamp with time zone,
    outcome text,
    CONSTRAINT order_holds_check CHECK (((ended_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT order_holds_outcome_check CHECK (((length(outcome) >= 1) AND (length(outcome) <= 500))),
    CONSTRAINT order_holds_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500)))
);

CREATE TABLE money.order_lines (
    order_id uuid NOT NULL,
    no integer NOT NULL,
    text text NOT NULL,
    minor bigint NOT NULL,
    CONSTRAINT order_lines_minor_check CHECK ((minor >= 0)),
    CONSTRAINT order_lines_text_check CHECK (((length(text) >= 1) AND (length(text) <= 200)))
);

CREATE TABLE money.orders (
    id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    purpose text NOT NULL,
    subject_id uuid NOT NULL,
    currency text NOT NULL,
    total_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    cancel_reason text,
    paid_payment_id uuid,
    paid_at timestamp with time zone,
    released_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    capture_later boolean DEFAULT false NOT NULL,
    ordered_minor bigint,
    fee_tax_minor bigint DEFAULT 0 NOT NULL,
    fee_rule jsonb DEFAULT '{"basisPoints": 0}'::jsonb NOT NULL,
    awaits_approval boolean DEFAULT false NOT NULL,
    country text,
    gives_parts_back boolean DEFAULT false NOT NULL,
    CONSTRAINT orders_check CHECK (((fee_minor >= 0) AND (fee_minor <= total_minor))),
    CONSTRAINT orders_check1 CHECK (((fee_minor + fee_tax_minor) <= total_minor)),
    CONSTRAINT orders_check2 CHECK (((state = 'paid'::text) = (paid_at IS NOT NULL))),
    CONSTRAINT orders_check3 CHECK (((released_at IS NULL) OR (state = 'paid'::text))),
    CONSTRAINT orders_check4 CHECK ((ordered_minor > total_minor)),
    CONSTRAINT orders_check5 CHECK (((NOT awaits_approval) OR (total_minor > 0))),
    CONSTRAINT orders_country_check CHECK ((country ~ '^[A-Z]{2}$'::text)),
    CONSTRAINT orders_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT orders_fee_tax_minor_check CHECK ((fee_tax_minor >= 0)),
    CONSTRAINT orders_paid_by CHECK ((((state = 'paid'::text) AND (total_minor > 0)) = (paid_payment_id IS NOT NULL))),
    CONSTRAINT orders_state_check CHECK ((state = ANY (ARRAY['open'::text, 'paid'::text, 'cancelled'::text]))),
    CONSTRAINT orders_total_minor_check CHECK ((total_minor >= 0))
)
WITH (fillfactor='80');

CREATE TABLE money.pay_links (
    token_sha256 bytea NOT NULL,
    invoice_id uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT pay_links_token_sha256_check CHECK ((length(token_sha256) = 32))
);

CREATE TABLE money.payment_events (
    id bigint NOT NULL,
    payment_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    facts jsonb
);

ALTER TABLE money.payment_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.payment_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.payment_guards (
    payment_id uuid NOT NULL,
    authorized_minor bigint DEFAULT 0 NOT NULL,
    captured_minor bigint DEFAULT 0 NOT NULL,
    refunded_minor bigint DEFAULT 0 NOT NULL,
    fee_back_minor bigint DEFAULT 0 NOT NULL,
    capturing_minor bigint DEFAULT 0 NOT NULL,
    disputed_minor bigint DEFAULT 0 NOT NULL,
    disputed_fee_minor bigint DEFAULT 0 NOT NULL,
    disputed_tax_minor bigint DEFAULT 0 NOT NULL,
    fee_tax_back_minor bigint DEFAULT 0 NOT NULL,
    parted_minor bigint DEFAULT 0 NOT NULL,
    parted_fee_minor bigint DEFAULT 0 NOT NULL,
    parted_tax_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT payment_guards_authorized_minor_check CHECK ((authorized_minor >= 0)),
    CONSTRAINT payment_guards_captures CHECK (((captured_minor + capturing_minor) <= authorized_minor)),
    CONSTRAINT payment_guards_capturing_minor_check CHECK ((capturing_minor >= 0)),
    CONSTRAINT payment_guards_check CHECK (((captured_minor >= 0) AND (captured_minor <= authorized_minor))),
    CONSTRAINT payment_guards_check1 CHECK (((refunded_minor >= 0) AND (refunded_minor <= captured_minor))),
    CONSTRAINT payment_guards_check2 CHECK (((disputed_fee_minor >= 0) AND (disputed_fee_minor <= disputed_minor))),
    CONSTRAINT payment_guards_check3 CHECK (((disputed_tax_minor >= 0) AND ((disputed_fee_minor + disputed_tax_minor) <= disputed_minor))),
    CONSTRAINT payment_guards_check4 CHECK (((fee_back_minor + fee_tax_back_minor) <= authorized_minor)),
    CONSTRAINT payment_guards_disputed_minor_check CHECK ((disputed_minor >= 0)),
    CONSTRAINT payment_guards_fee_back_minor_check CHECK ((fee_back_minor >= 0)),
    CONSTRAINT payment_guards_fee_tax_back_minor_check CHECK ((fee_tax_back_minor >= 0)),
    CONSTRAINT payment_guards_parted CHECK (((parted_fee_minor + parted_tax_minor) <= parted_minor)),
    CONSTRAINT payment_guards_parted_fee_minor_check CHECK ((parted_fee_minor >= 0)),
    CONSTRAINT payment_guards_parted_minor_check CHECK ((parted_minor >= 0)),
    CONSTRAINT payment_guards_parted_tax_minor_check CHECK ((parted_tax_minor >= 0)),
    CONSTRAINT payment_guards_share CHECK ((((refunded_minor + disputed_minor) + parted_minor) <= captured_minor))
)
WITH (fillfactor='70');

CREATE TABLE money.payments (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    gateway text NOT NULL,
    attempt integer NOT NULL,
    state text NOT NULL,
    currency text NOT NULL,
    amount_minor bigint NOT NULL,
    step_minor bigint NOT NULL,
    gateway_ref text,
    gateway_payment text,
    redirect_url text,
    failure_code text,
    failure_text text,
    cancel_asked boolean DEFAULT false NOT NULL,
    checks integer DEFAULT 0 NOT NULL,
    started_by uuid,
    created_at timestamp with time zone NOT NULL,
    captured_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    capture_later boolean DEFAULT false NOT NULL,
    can_refund boolean DEFAULT true NOT NULL,
    can_refund_part boolean DEFAULT true NOT NULL,
    phone_sealed bytea,
    hold_lasts interval DEFAULT '7 days'::interval NOT NULL,
    authorized_at timestamp with time zone,
    authorized_until timestamp with time zone,
    hold_over boolean DEFAULT false NOT NULL,
    keep_method boolean DEFAULT false NOT NULL,
    method_id uuid,
    off_session boolean DEFAULT false NOT NULL,
    CONSTRAINT payments_amount_minor_check CHECK ((amount_minor > 0)),
    CONSTRAINT payments_attempt_check CHECK ((attempt > 0)),
    CONSTRAINT payments_check CHECK (((state = 'captured'::text) = (captured_at IS NOT NULL))),
    CONSTRAINT payments_off_session CHECK (((NOT off_session) OR (method_id IS NOT NULL))),
    CONSTRAINT payments_state_check CHECK ((state = ANY (ARRAY['created'::text, 'requires_action'::text, 'authorized'::text, 'capturing'::text, 'captured'::text, 'failed'::text, 'cancelled'::text, 'expired'::text, 'unknown'::text]))),
    CONSTRAINT payments_step_minor_check CHECK ((step_minor > 0))
)
WITH (fillfactor='80');

CREATE TABLE money.payout_batch_items (
    batch_id uuid NOT NULL,
    payout_id uuid NOT NULL,
    no integer NOT NULL,
    minor bigint NOT NULL,
    state text DEFAULT 'included'::text NOT NULL,
    reason text,
    CONSTRAINT payout_batch_items_check CHECK (((state = 'excluded'::text) = (reason IS NOT NULL))),
    CONSTRAINT payout_batch_items_minor_check CHECK ((minor > 0)),
    CONSTRAINT payout_batch_items_state_check CHECK ((state = ANY (ARRAY['included'::text, 'excluded'::text])))
);

CREATE TABLE money.payout_batches (
    id uuid NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    execute_on date NOT NULL,
    built_by uuid NOT NULL,
    built_at timestamp with time zone NOT NULL,
    approved_by uuid,
    approved_at timestamp with time zone,
    sent_by uuid,
    sent_at timestamp with time zone,
    discarded_by uuid,
    settled_at timestamp with time zone,
    CONSTRAINT payout_batches_check CHECK (((approved_by IS NULL) OR (approved_by <> built_by))),
    CONSTRAINT payout_batches_check1 CHECK (((state = ANY (ARRAY['built'::text, 'discarded'::text])) OR (approved_by IS NOT NULL))),
    CONSTRAINT payout_batches_check2 CHECK (((state = ANY (ARRAY['sent'::text, 'settled'::text])) = (sent_at IS NOT NULL))),
    CONSTRAINT payout_batches_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT payout_batches_state_check CHECK ((state = ANY (ARRAY['built'::text, 'approved'::text, 'sent'::text, 'settled'::text, 'discarded'::text])))
);

CREATE TABLE money.payout_files (
    batch_id uuid NOT NULL,
    name text NOT NULL,
    body bytea NOT NULL,
    sha256 bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CONSTRAINT payout_files_check CHECK ((sha256 = sha256(body)))
);

CREATE TABLE money.payouts (
    id uuid NOT NULL,
    withdrawal_id uuid NOT NULL,
    gateway text NOT NULL,
    state text NOT NULL,
    transfer_ref text,
    gateway_ref text,
    failure_text text,
    checks integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    end_to_end text GENERATED ALWAYS AS (replace((id)::text, '-'::text, ''::text)) STORED NOT NULL,
    CONSTRAINT payouts_state_check CHECK ((state = ANY (ARRAY['created'::text, 'sending'::text, 'in_transit'::text, 'unknown'::text, 'completed'::text, 'failed'::text, 'returned'::text, 'stopped'::text])))
);

CREATE TABLE money.period_accounts (
    account_id bigint NOT NULL,
    until timestamp with time zone NOT NULL,
    minor bigint NOT NULL
);

CREATE TABLE money.period_freezes (
    until timestamp with time zone NOT NULL,
    frozen_at timestamp with time zone NOT NULL
);

CREATE TABLE money.period_totals (
    until timestamp with time zone NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL
);

CREATE TABLE money.quarantine (
    id bigint NOT NULL,
    payment_id uuid,
    payout_id uuid,
    reason text NOT NULL,
    expected text NOT NULL,
    reported text NOT NULL,
    source text NOT NULL,
    at timestamp with time zone NOT NULL,
    fact_state text,
    currency text,
    minor bigint,
    gateway_payment text,
    resolution text,
    resolved_by uuid,
    resolved_at timestamp with time zone,
    resolved_why text,
    CONSTRAINT quarantine_check CHECK ((num_nonnulls(payment_id, payout_id) = 1)),
    CONSTRAINT quarantine_resolution_check CHECK ((resolution = ANY (ARRAY['sent_back'::text, 'accepted'::text, 'explained'::text]))),
    CONSTRAINT quarantine_resolved CHECK ((num_nulls(resolution, resolved_at, resolved_why) = ANY (ARRAY[0, 3]))),
    CONSTRAINT quarantine_resolved_why_check CHECK (((length(resolved_why) >= 1) AND (length(resolved_why) <= 500)))
);

ALTER TABLE money.quarantine ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.reconciliation_currencies (
    reconciliation_id uuid NOT NULL,
    currency text NOT NULL,
    rows bigint NOT NULL,
    gross_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    opening_minor bigint,
    closing_minor bigint
);

CREATE TABLE money.reconciliation_exceptions (
    id uuid NOT NULL,
    reconciliation_id uuid NOT NULL,
    source text NOT NULL,
    class text NOT NULL,
    line_id bigint,
    subject_kind text,
    subject_id uuid,
    currency text NOT NULL,
    expected_minor bigint NOT NULL,
    reported_minor bigint NOT NULL,
    happened_at timestamp with time zone,
    state text DEFAULT 'open'::text NOT NULL,
    team text NOT NULL,
    owner_id uuid,
    due_at timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    closed_by uuid,
    reason text,
    revision integer DEFAULT 1 NOT NULL,
    CONSTRAINT reconciliation_exceptions_check CHECK (((state = 'open'::text) = (closed_at IS NULL))),
    CONSTRAINT reconciliation_exceptions_check1 CHECK (((state = 'open'::text) = (reason IS NULL))),
    CONSTRAINT reconciliation_exceptions_check2 CHECK (((class = 'totals'::text) OR (num_nonnulls(line_id, subject_id) > 0))),
    CONSTRAINT reconciliation_exceptions_class_check CHECK ((class = ANY (ARRAY['missing_here'::text, 'missing_there'::text, 'different_amount'::text, 'different_currency'::text, 'duplicate'::text, 'changed_fee'::text, 'merged'::text, 'late'::text, 'totals'::text]))),
    CONSTRAINT reconciliation_exceptions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'explained'::text, 'resolved'::text])))
);

CREATE TABLE money.reconciliation_notes (
    id bigint NOT NULL,
    exception_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    CONSTRAINT reconciliation_notes_text_check CHECK (((length(text) >= 1) AND (length(text) <= 1000)))
);

ALTER TABLE money.reconciliation_notes ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.reconciliation_notes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.reconciliation_totals (
    reconciliation_id uuid NOT NULL,
    currency text NOT NULL,
    outcome text NOT NULL,
    rows bigint DEFAULT 0 NOT NULL,
    gross_minor bigint DEFAULT 0 NOT NULL,
    fee_minor bigint DEFAULT 0 NOT NULL,
    net_minor bigint DEFAULT 0 NOT NULL,
    CONSTRAINT reconciliation_totals_outcome_check CHECK ((outcome = ANY (ARRAY['matched'::text, 'explained'::text, 'open'::text, 'known'::text]))),
    CONSTRAINT reconciliation_totals_rows_check CHECK ((rows >= 0))
);

CREATE TABLE money.reconciliations (
    id uuid NOT NULL,
    source text NOT NULL,
    side text NOT NULL,
    format text NOT NULL,
    name text NOT NULL,
    fingerprint bytea NOT NULL,
    state text NOT NULL,
    from_at timestamp with time zone,
    to_at timestamp with time zone,
    cursor_text text,
    rows integer DEFAULT 0 NOT NULL,
    done_rows integer DEFAULT 0 NOT NULL,
    repaired integer DEFAULT 0 NOT NULL,
    note text,
    lease_until timestamp with time zone,
    started_by uuid,
    started_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT reconciliations_check CHECK (((done_rows >= 0) AND (done_rows <= rows))),
    CONSTRAINT reconciliations_check1 CHECK (((state = 'done'::text) = (finished_at IS NOT NULL))),
    CONSTRAINT reconciliations_check2 CHECK (((from_at IS NULL) OR (to_at IS NULL) OR (from_at <= to_at))),
    CONSTRAINT reconciliations_fingerprint_check CHECK ((length(fingerprint) = ANY (ARRAY[16, 32]))),
    CONSTRAINT reconciliations_format_check CHECK ((format = ANY (ARRAY['api'::text, 'stripe_csv'::text, 'plain_csv'::text, 'camt053'::text]))),
    CONSTRAINT reconciliations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200))),
    CONSTRAINT reconciliations_rows_check CHECK ((rows >= 0)),
    CONSTRAINT reconciliations_side_check CHECK ((side = ANY (ARRAY['gateway'::text, 'bank'::text]))),
    CONSTRAINT reconciliations_source_check CHECK ((source ~ '^[a-z0-9][a-z0-9_-]{0,39}$'::text)),
    CONSTRAINT reconciliations_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'held'::text, 'matching'::text, 'repairing'::text, 'comparing'::text, 'done'::text, 'discarded'::text, 'lost'::text])))
)
WITH (fillfactor='70');

CREATE TABLE money.refunds (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    state text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    source text NOT NULL,
    reason text NOT NULL,
    gateway_ref text,
    failure_text text,
    requested_by uuid,
    created_at timestamp with time zone NOT NULL,
    completed_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    fee_tax_minor bigint DEFAULT 0 NOT NULL,
    handed_over text,
    part_id uuid,
    CONSTRAINT refunds_check CHECK (((fee_minor >= 0) AND (fee_minor <= minor))),
    CONSTRAINT refunds_check1 CHECK (((state = 'completed'::text) = (completed_at IS NOT NULL))),
    CONSTRAINT refunds_check2 CHECK (((fee_minor + fee_tax_minor) <= minor)),
    CONSTRAINT refunds_fee_tax_minor_check CHECK ((fee_tax_minor >= 0)),
    CONSTRAINT refunds_minor_check CHECK ((minor > 0)),
    CONSTRAINT refunds_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT refunds_source_check CHECK ((source = ANY (ARRAY['escrow'::text, 'provider'::text, 'unapplied'::text]))),
    CONSTRAINT refunds_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'completed'::text, 'failed'::text, 'unknown'::text])))
);

CREATE TABLE money.report_lines (
    id bigint NOT NULL,
    reconciliation_id uuid NOT NULL,
    no integer NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    gross_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    arrives_on date,
    gateway_ref text,
    batch_ref text,
    text text,
    about_id uuid,
    subject_kind text,
    subject_id uuid,
    subject_part integer DEFAULT 1 NOT NULL,
    state text NOT NULL,
    class text,
    how text NOT NULL,
    expected_fee_minor bigint,
    fee_journal text,
    CONSTRAINT report_lines_check CHECK (((gross_minor - fee_minor) = net_minor)),
    CONSTRAINT report_lines_check1 CHECK (((state = 'open'::text) = (class IS NOT NULL))),
    CONSTRAINT report_lines_check2 CHECK (((subject_id IS NULL) = (subject_kind IS NULL))),
    CONSTRAINT report_lines_check3 CHECK (((subject_part = 1) OR (subject_kind = ANY (ARRAY['dispute'::text, 'dispute_back'::text])))),
    CONSTRAINT report_lines_class_check CHECK ((class = ANY (ARRAY['missing_here'::text, 'different_amount'::text, 'different_currency'::text, 'duplicate'::text, 'changed_fee'::text, 'merged'::text]))),
    CONSTRAINT report_lines_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT report_lines_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 120))),
    CONSTRAINT report_lines_kind_check CHECK ((kind = ANY (ARRAY['charge'::text, 'refund'::text, 'refund_back'::text, 'payout'::text, 'payout_back'::text, 'dispute'::text, 'dispute_back'::text, 'fee'::text, 'settlement'::text, 'settlement_back'::text, 'other'::text, 'credit'::text, 'debit'::text]))),
    CONSTRAINT report_lines_state_check CHECK ((state = ANY (ARRAY['matched'::text, 'explained'::text, 'open'::text]))),
    CONSTRAINT report_lines_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['payment'::text, 'refund'::text, 'refund_back'::text, 'payout'::text, 'payout_back'::text, 'dispute'::text, 'dispute_back'::text, 'settlement'::text])))
)
WITH (fillfactor='95');

ALTER TABLE money.report_lines ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.report_lines_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.report_links (
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    line_id bigint NOT NULL,
    minor bigint NOT NULL
);

CREATE UNLOGGED TABLE money.report_staged (
    reconciliation_id uuid NOT NULL,
    no integer NOT NULL,
    external_id text NOT NULL,
    repeated boolean NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    gross_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    arrives_on date,
    our_id uuid,
    others uuid[],
    gateway_ref text,
    batch_ref text,
    text text
);

CREATE TABLE money.reserves (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    held_at timestamp with time zone NOT NULL,
    release_at timestamp with time zone NOT NULL,
    released_at timestamp with time zone,
    CONSTRAINT reserves_check CHECK ((release_at > held_at)),
    CONSTRAINT reserves_minor_check CHECK ((minor > 0))
);

CREATE TABLE money.risk_blocks (
    id uuid NOT NULL,
    kind text NOT NULL,
    value text NOT NULL,
    network cidr,
    reason text NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    removed_by uuid,
    removed_at timestamp with time zone,
    CONSTRAINT risk_blocks_check CHECK (((kind = 'address'::text) = (network IS NOT NULL))),
    CONSTRAINT risk_blocks_check1 CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
    CONSTRAINT risk_blocks_check2 CHECK ((expires_at > created_at)),
    CONSTRAINT risk_blocks_kind_check CHECK ((kind = ANY (ARRAY['customer'::text, 'email'::text, 'address'::text, 'card'::text]))),
    CONSTRAINT risk_blocks_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT risk_blocks_value_check CHECK (((length(value) >= 1) AND (length(value) <= 100)))
);

CREATE TABLE money.risk_decisions (
    id uuid NOT NULL,
    order_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    customer_id uuid NOT NULL,
    provider_id uuid NOT NULL,
    address inet,
    outcome text NOT NULL,
    score integer NOT NULL,
    version integer NOT NULL,
    inputs text NOT NULL,
    rules text NOT NULL,
    reasons text NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT risk_decisions_inputs_check CHECK ((length(inputs) <= 8000)),
    CONSTRAINT risk_decisions_outcome_check CHECK ((outcome = ANY (ARRAY['allow'::text, 'review'::text, 'block'::text]))),
    CONSTRAINT risk_decisions_reasons_check CHECK ((length(reasons) <= 8000)),
    CONSTRAINT risk_decisions_rules_check CHECK ((length(rules) <= 16000)),
    CONSTRAINT risk_decisions_score_check CHECK ((score >= 0)),
    CONSTRAINT risk_decisions_version_check CHECK ((version > 0))
);

CREATE TABLE money.risk_reviews (
    order_id uuid NOT NULL,
    decision_id uuid NOT NULL,
    state text NOT NULL,
    pay_until timestamp with time zone NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by uuid,
    reason text,
    CONSTRAINT risk_reviews_check CHECK (((state = 'waiting'::text) = (decided_by IS NULL))),
    CONSTRAINT risk_reviews_check1 CHECK (((state = 'waiting'::text) = (decided_at IS NULL))),
    CONSTRAINT risk_reviews_check2 CHECK (((state = 'waiting'::text) = (reason IS NULL))),
    CONSTRAINT risk_reviews_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 500))),
    CONSTRAINT risk_reviews_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'rejected'::text])))
)
WITH (fillfactor='85');

CREATE TABLE money.round_accounts (
    account_id bigint NOT NULL,
    moment_id bigint NOT NULL,
    minor bigint NOT NULL
);

CREATE TABLE money.round_totals (
    moment_id bigint NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL
);

CREATE TABLE money.saved_methods (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    gateway text NOT NULL,
    token text NOT NULL,
    brand text NOT NULL,
    last4 text NOT NULL,
    exp_month integer NOT NULL,
    exp_year integer NOT NULL,
    fingerprint text,
    payment_id uuid NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    invoices_since timestamp with time zone,
    removed_at timestamp with time zone,
    removed_why text,
    forgotten_at timestamp with time zone,
    CONSTRAINT saved_methods_brand_check CHECK ((brand ~ '^[a-z_]{1,30}$'::text)),
    CONSTRAINT saved_methods_check CHECK (((removed_at IS NULL) = (removed_why IS NULL))),
    CONSTRAINT saved_methods_check1 CHECK (((forgotten_at IS NULL) OR (removed_at IS NOT NULL))),
    CONSTRAINT saved_methods_exp_month_check CHECK (((exp_month >= 1) AND (exp_month <= 12))),
    CONSTRAINT saved_methods_exp_year_check CHECK (((exp_year >= 2000) AND (exp_year <= 2100))),
    CONSTRAINT saved_methods_last4_check CHECK ((last4 ~ '^[0-9]{4}$'::text)),
    CONSTRAINT saved_methods_removed_why_check CHECK ((removed_why = ANY (ARRAY['customer'::text, 'replaced'::text, 'gateway'::text])))
);

CREATE TABLE money.seal_checkpoints (
    id bigint NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    epoch integer NOT NULL,
    kid text NOT NULL,
    signature bytea NOT NULL,
    signed_at timestamp with time zone NOT NULL,
    CONSTRAINT seal_checkpoints_id_check CHECK ((id > 0)),
    CONSTRAINT seal_checkpoints_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT seal_checkpoints_size_check CHECK ((size > 0))
);

CREATE TABLE money.seal_chunks (
    first bigint NOT NULL,
    epoch integer NOT NULL,
    tx xid8 NOT NULL,
    journal_id bigint NOT NULL,
    journals bigint[] NOT NULL,
    leaves bytea NOT NULL,
    sealed_at timestamp with time zone NOT NULL,
    CONSTRAINT seal_chunks_check CHECK ((octet_length(leaves) = (32 * cardinality(journals)))),
    CONSTRAINT seal_chunks_check1 CHECK (((first / 256) = (((first + cardinality(journals)) - 1) / 256))),
    CONSTRAINT seal_chunks_first_check CHECK ((first >= 0)),
    CONSTRAINT seal_chunks_journals_check CHECK (((cardinality(journals) >= 1) AND (cardinality(journals) <= 256)))
);

CREATE TABLE money.seal_keys (
    kid text NOT NULL,
    public_key bytea NOT NULL,
    sealed_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE money.seal_nodes (
    level smallint NOT NULL,
    no bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT seal_nodes_hash_check CHECK ((octet_length(hash) = 32)),
    CONSTRAINT seal_nodes_level_check CHECK (((level > 0) AND (((level)::integer % 8) = 0))),
    CONSTRAINT seal_nodes_no_check CHECK ((no >= 0))
);

CREATE TABLE money.send_backs (
    id uuid NOT NULL,
    quarantine_id bigint NOT NULL,
    payment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    state text NOT NULL,
    gateway text NOT NULL,
    gateway_payment text NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    failure_text text,
    requested_by uuid,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    checks integer DEFAULT 0 NOT NULL,
    CONSTRAINT send_backs_check CHECK (((state = ANY (ARRAY['completed'::text, 'failed'::text])) = (ended_at IS NOT NULL))),
    CONSTRAINT send_backs_minor_check CHECK ((minor > 0)),
    CONSTRAINT send_backs_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'unknown'::text, 'completed'::text, 'failed'::text])))
);

CREATE TABLE money.webhooks (
    id bigint NOT NULL,
    gateway text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    body bytea NOT NULL,
    state text DEFAULT 'received'::text NOT NULL,
    note text,
    received_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    proof text DEFAULT 'proven'::text NOT NULL,
    sender inet,
    payment_id uuid,
    CONSTRAINT webhooks_proof_check CHECK ((proof = ANY (ARRAY['proven'::text, 'hint'::text, 'return'::text]))),
    CONSTRAINT webhooks_state_check CHECK ((state = ANY (ARRAY['received'::text, 'done'::text, 'ignored'::text, 'unmatched'::text])))
)
WITH (fillfactor='85');

ALTER TABLE money.webhooks ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.webhooks_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.withdrawal_events (
    id bigint NOT NULL,
    withdrawal_id uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    actor_id uuid,
    actor text NOT NULL,
    note text
);

ALTER TABLE money.withdrawal_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME money.withdrawal_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE money.withdrawals (
    id uuid NOT NULL,
    provider_id uuid NOT NULL,
    destination_id uuid NOT NULL,
    currency text NOT NULL,
    minor bigint NOT NULL,
    state text NOT NULL,
    revision integer DEFAULT 1 NOT NULL,
    requested_by uuid NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    decided_by uuid,
    decided_at timestamp with time zone,
    reason text,
    changed_at timestamp with time zone NOT NULL,
    fee_minor bigint DEFAULT 0 NOT NULL,
    first_by uuid,
    first_at timestamp with time zone,
    held_code text,
    held_at timestamp with time zone,
    limits_waived_by uuid,
    CONSTRAINT withdrawals_check CHECK (((decided_by IS NULL) OR (decided_by <> requested_by))),
    CONSTRAINT withdrawals_check1 CHECK (((state <> ALL (ARRAY['approved'::text, 'processing'::text, 'unknown'::text, 'completed'::text, 'returned'::text])) OR (decided_by IS NOT NULL))),
    CONSTRAINT withdrawals_fee_leaves_something CHECK ((fee_minor < minor)),
    CONSTRAINT withdrawals_fee_minor_check CHECK ((fee_minor >= 0)),
    CONSTRAINT withdrawals_held_is_approved CHECK (((held_code IS NULL) OR (state = 'approved'::text))),
    CONSTRAINT withdrawals_minor_check CHECK ((minor > 0)),
    CONSTRAINT withdrawals_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'rejected'::text, 'cancelled'::text, 'processing'::text, 'unknown'::text, 'completed'::text, 'failed'::text, 'returned'::text]))),
    CONSTRAINT withdrawals_two_people CHECK (((first_by IS NULL) OR ((first_by <> requested_by) AND ((decided_by IS NULL) OR (decided_by <> first_by) OR (state = 'rejected'::text)))))
);

CREATE TABLE operations.saved_filters (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    list text NOT NULL,
    name text NOT NULL,
    query text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT saved_filters_list_check CHECK ((list = ANY (ARRAY['payments'::text, 'withdrawals'::text, 'bookings'::text, 'people'::text, 'deliveries'::text, 'audit'::text]))),
    CONSTRAINT saved_filters_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
    CONSTRAINT saved_filters_query_check CHECK (((length(query) >= 1) AND (length(query) <= 1000)))
);

CREATE TABLE operations.webhook_attempts (
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    round integer NOT NULL,
    no integer NOT NULL,
    at timestamp with time zone NOT NULL,
    outcome text NOT NULL,
    status integer,
    latency_ms integer NOT NULL,
    response text,
    CONSTRAINT webhook_attempts_latency_ms_check CHECK ((latency_ms >= 0)),
    CONSTRAINT webhook_attempts_no_check CHECK ((no > 0)),
    CONSTRAINT webhook_attempts_outcome_check CHECK ((outcome = ANY (ARRAY['delivered'::text, 'answered_no'::text, 'gone'::text, 'redirected'::text, 'timed_out'::text, 'not_connected'::text, 'not_public'::text]))),
    CONSTRAINT webhook_attempts_response_check CHECK ((length(response) <= 500))
);

CREATE TABLE operations.webhook_deliveries (
    endpoint_id uuid NOT NULL,
    event_id uuid NOT NULL,
    event_no bigint NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    round integer DEFAULT 1 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    fence bigint DEFAULT 0 NOT NULL,
    lease_until timestamp with time zone,
    first_failure_at timestamp with time zone,
    last_status integer,
    last_error text,
    delivered_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_deliveries_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT webhook_deliveries_check CHECK (((state = 'sending'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT webhook_deliveries_check1 CHECK (((state <> 'delivered'::text) OR (delivered_at IS NOT NULL))),
    CONSTRAINT webhook_deliveries_last_error_check CHECK ((length(last_error) <= 500)),
    CONSTRAINT webhook_deliveries_round_check CHECK ((round > 0)),
    CONSTRAINT webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'delivered'::text, 'failed'::text])))
)
WITH (fillfactor='75');

CREATE TABLE operations.webhook_endpoints (
    id uuid NOT NULL,
    url text NOT NULL,
    description text NOT NULL,
    events text[] NOT NULL,
    owner_id uuid NOT NULL,
    state text DEFAULT 'enabled'::text NOT NULL,
    disabled_why text,
    disabled_at timestamp with time zone,
    secret bytea NOT NULL,
    old_secret bytea,
    old_secret_until timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    last_success_at timestamp with time zone,
    last_failure_at timestamp with time zone,
    last_error text,
    revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT webhook_endpoints_check CHECK (((state = 'disabled'::text) = (disabled_why IS NOT NULL))),
    CONSTRAINT webhook_endpoints_check1 CHECK (((state = 'disabled'::text) = (disabled_at IS NOT NULL))),
    CONSTRAINT webhook_endpoints_check2 CHECK (((old_secret IS NULL) = (old_secret_until IS NULL))),
    CONSTRAINT webhook_endpoints_check3 CHECK (((failures = 0) = (failing_since IS NULL))),
    CONSTRAINT webhook_endpoints_description_check CHECK ((length(description) <= 200)),
    CONSTRAINT webhook_endpoints_disabled_why_check CHECK ((disabled_why = ANY (ARRAY['staff'::text, 'gone'::text, 'failing'::text]))),
    CONSTRAINT webhook_endpoints_events_check CHECK ((cardinality(events) <= 100)),
    CONSTRAINT webhook_endpoints_failures_check CHECK ((failures >= 0)),
    CONSTRAINT webhook_endpoints_last_error_check CHECK ((length(last_error) <= 500)),
    CONSTRAINT webhook_endpoints_state_check CHECK ((state = ANY (ARRAY['enabled'::text, 'disabled'::text, 'removed'::text]))),
    CONSTRAINT webhook_endpoints_url_check CHECK (((length(url) >= 8) AND (length(url) <= 2000)))
)
WITH (fillfactor='70');

CREATE TABLE operations.webhook_events (
    id uuid NOT NULL,
    no bigint NOT NULL,
    type text NOT NULL,
    version integer NOT NULL,
    object_id text NOT NULL,
    sequence bigint NOT NULL,
    facts text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    fanned_at timestamp with time zone,
    CONSTRAINT webhook_events_facts_check CHECK (((length(facts) >= 2) AND (length(facts) <= 8000))),
    CONSTRAINT webhook_events_sequence_check CHECK ((sequence > 0)),
    CONSTRAINT webhook_events_type_check CHECK ((type ~ '^[a-z_]+\.[a-z_]+$'::text)),
    CONSTRAINT webhook_events_version_check CHECK ((version > 0))
)
WITH (fillfactor='85');

ALTER TABLE operations.webhook_events ALTER COLUMN no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME operations.webhook_events_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE operations.webhook_objects (
    object_id text NOT NULL,
    last_sequence bigint NOT NULL,
    CONSTRAINT webhook_objects_last_sequence_check CHECK ((last_sequence > 0)),
    CONSTRAINT webhook_objects_object_id_check CHECK (((length(object_id) >= 3) AND (length(object_id) <= 60)))
)
WITH (fillfactor='70');

ALTER TABLE ONLY content.documents
    ADD CONSTRAINT documents_pkey PRIMARY KEY (id);

ALTER TABLE ONLY content.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY content.slugs
    ADD CONSTRAINT slugs_pkey PRIMARY KEY (kind, locale, slug);

ALTER TABLE ONLY content.versions
    ADD CONSTRAINT versions_pkey PRIMARY KEY (document_id, version);

ALTER TABLE ONLY files.uploads
    ADD CONSTRAINT uploads_pkey PRIMARY KEY (id);

ALTER TABLE ONLY foundation.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY foundation.audit_seals
    ADD CONSTRAINT audit_seals_audit_id_key UNIQUE (audit_id);

ALTER TABLE ONLY foundation.audit_seals
    ADD CONSTRAINT audit_seals_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY foundation.clock
    ADD CONSTRAINT clock_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY foundation.home
    ADD CONSTRAINT home_pkey PRIMARY KEY (one);

ALTER TABLE ONLY foundation.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (scope, key);

ALTER TABLE ONLY foundation.jobs
    ADD CONSTRAINT jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY foundation.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY foundation.person_keys
    ADD CONSTRAINT person_keys_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY foundation.rate_hits
    ADD CONSTRAINT rate_hits_pkey PRIMARY KEY (key);

ALTER TABLE ONLY foundation.rate_windows
    ADD CONSTRAINT rate_windows_pkey PRIMARY KEY (key, window_no);

ALTER TABLE ONLY foundation.recurring
    ADD CONSTRAINT recurring_pkey PRIMARY KEY (name);

ALTER TABLE ONLY foundation.settings_history
    ADD CONSTRAINT settings_history_pkey PRIMARY KEY (key, version);

ALTER TABLE ONLY foundation.settings
    ADD CONSTRAINT settings_pkey PRIMARY KEY (key);

ALTER TABLE ONLY identity.account_roles
    ADD CONSTRAINT account_roles_pkey PRIMARY KEY (account_id, role);

ALTER TABLE ONLY identity.accounts
    ADD CONSTRAINT accounts_email_key_key UNIQUE (email_key);

ALTER TABLE ONLY identity.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.active_days
    ADD CONSTRAINT active_days_pkey PRIMARY KEY (account_id, day);

ALTER TABLE ONLY identity.backup_codes
    ADD CONSTRAINT backup_codes_pkey PRIMARY KEY (account_id, hash);

ALTER TABLE ONLY identity.challenges
    ADD CONSTRAINT challenges_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.challenges
    ADD CONSTRAINT challenges_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.device_tokens
    ADD CONSTRAINT device_tokens_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY identity.devices
    ADD CONSTRAINT devices_not_me_hash_key UNIQUE (not_me_hash);

ALTER TABLE ONLY identity.devices
    ADD CONSTRAINT devices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.email_changes
    ADD CONSTRAINT email_changes_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY identity.email_changes
    ADD CONSTRAINT email_changes_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.email_verifications
    ADD CONSTRAINT email_verifications_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY identity.email_verifications
    ADD CONSTRAINT email_verifications_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.exports
    ADD CONSTRAINT exports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.invitations
    ADD CONSTRAINT invitations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.invitations
    ADD CONSTRAINT invitations_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.network_blocks
    ADD CONSTRAINT network_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.passkey_asks
    ADD CONSTRAINT passkey_asks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.passkey_asks
    ADD CONSTRAINT passkey_asks_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.passkeys
    ADD CONSTRAINT passkeys_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY identity.passkeys
    ADD CONSTRAINT passkeys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.password_history
    ADD CONSTRAINT password_history_pkey PRIMARY KEY (account_id, password_hash);

ALTER TABLE ONLY identity.password_resets
    ADD CONSTRAINT password_resets_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY identity.password_resets
    ADD CONSTRAINT password_resets_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY identity.phone_sign_ins
    ADD CONSTRAINT phone_sign_ins_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.phone_verifications
    ADD CONSTRAINT phone_verifications_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY identity.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash);

ALTER TABLE ONLY identity.risk_decisions
    ADD CONSTRAINT risk_decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.role_permissions
    ADD CONSTRAINT role_permissions_pkey PRIMARY KEY (role, permission);

ALTER TABLE ONLY identity.roles
    ADD CONSTRAINT roles_pkey PRIMARY KEY (name);

ALTER TABLE ONLY identity.session_generation
    ADD CONSTRAINT session_generation_pkey PRIMARY KEY (one);

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_cookie_hash_key UNIQUE (cookie_hash);

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.sign_in_days
    ADD CONSTRAINT sign_in_days_pkey PRIMARY KEY (day, device_type, shard);

ALTER TABLE ONLY identity.sign_in_failures
    ADD CONSTRAINT sign_in_failures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY identity.sign_in_holds
    ADD CONSTRAINT sign_in_holds_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY identity.sign_in_places
    ADD CONSTRAINT sign_in_places_pkey PRIMARY KEY (account_id, country);

ALTER TABLE ONLY identity.signing_keys
    ADD CONSTRAINT signing_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY identity.sms_traffic
    ADD CONSTRAINT sms_traffic_pkey PRIMARY KEY (number_range, hour);

ALTER TABLE ONLY identity.totp
    ADD CONSTRAINT totp_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY marketplace.absences
    ADD CONSTRAINT absences_booking_id_key UNIQUE (booking_id);

ALTER TABLE ONLY marketplace.absences
    ADD CONSTRAINT absences_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.booking_moves
    ADD CONSTRAINT booking_moves_booking_id_revision_key UNIQUE (booking_id, revision);

ALTER TABLE ONLY marketplace.booking_moves
    ADD CONSTRAINT booking_moves_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_order_id_key UNIQUE (order_id);

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.calendar_links
    ADD CONSTRAINT calendar_links_account_id_kind_subject_id_key UNIQUE (account_id, kind, subject_id);

ALTER TABLE ONLY marketplace.calendar_links
    ADD CONSTRAINT calendar_links_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.calendar_links
    ADD CONSTRAINT calendar_links_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY marketplace.call_events
    ADD CONSTRAINT call_events_pkey PRIMARY KEY (booking_id, seq);

ALTER TABLE ONLY marketplace.call_presences
    ADD CONSTRAINT call_presences_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.call_rooms
    ADD CONSTRAINT call_rooms_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY marketplace.call_signals
    ADD CONSTRAINT call_signals_pkey PRIMARY KEY (booking_id, seq);

ALTER TABLE ONLY marketplace.calls
    ADD CONSTRAINT calls_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.cancellation_policies
    ADD CONSTRAINT cancellation_policies_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.cancellation_policies
    ADD CONSTRAINT cancellation_policies_service_id_version_key UNIQUE NULLS NOT DISTINCT (service_id, version);

ALTER TABLE ONLY marketplace.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.chat_reads
    ADD CONSTRAINT chat_reads_pkey PRIMARY KEY (chat_id, person_id);

ALTER TABLE ONLY marketplace.chats
    ADD CONSTRAINT chats_booking_id_key UNIQUE (booking_id);

ALTER TABLE ONLY marketplace.chats
    ADD CONSTRAINT chats_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_no_overlap EXCLUDE USING gist (resource WITH =, during WITH &&);

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (booking_id, resource);

ALTER TABLE ONLY marketplace.client_projects
    ADD CONSTRAINT client_projects_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.external_calendars
    ADD CONSTRAINT external_calendars_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.forecasts
    ADD CONSTRAINT forecasts_pkey PRIMARY KEY (place);

ALTER TABLE ONLY marketplace.hour_exceptions
    ADD CONSTRAINT hour_exceptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.hour_exceptions
    ADD CONSTRAINT hour_exceptions_provider_id_date_int4range_excl EXCLUDE USING gist (provider_id WITH =, date WITH =, int4range(COALESCE(from_minute, 0), COALESCE(until_minute, 1440)) WITH &&);

ALTER TABLE ONLY marketplace.mask_appeals
    ADD CONSTRAINT mask_appeals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.mask_appeals
    ADD CONSTRAINT mask_appeals_text_subject_id_key UNIQUE (text, subject_id);

ALTER TABLE ONLY marketplace.messages
    ADD CONSTRAINT messages_chat_id_author_id_client_id_key UNIQUE (chat_id, author_id, client_id);

ALTER TABLE ONLY marketplace.messages
    ADD CONSTRAINT messages_chat_id_seq_key UNIQUE (chat_id, seq);

ALTER TABLE ONLY marketplace.messages
    ADD CONSTRAINT messages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.package_credits
    ADD CONSTRAINT package_credits_booking_id_key UNIQUE (booking_id);

ALTER TABLE ONLY marketplace.package_credits
    ADD CONSTRAINT package_credits_pkey PRIMARY KEY (sale_id, no);

ALTER TABLE ONLY marketplace.package_sale_services
    ADD CONSTRAINT package_sale_services_pkey PRIMARY KEY (sale_id, service_id);

ALTER TABLE ONLY marketplace.package_sales
    ADD CONSTRAINT package_sales_order_id_key UNIQUE (order_id);

ALTER TABLE ONLY marketplace.package_sales
    ADD CONSTRAINT package_sales_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.package_services
    ADD CONSTRAINT package_services_pkey PRIMARY KEY (package_id, service_id);

ALTER TABLE ONLY marketplace.packages
    ADD CONSTRAINT packages_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.person_blocks
    ADD CONSTRAINT person_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.project_bookings
    ADD CONSTRAINT project_bookings_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY marketplace.project_events
    ADD CONSTRAINT project_events_pkey PRIMARY KEY (project_id, seq);

ALTER TABLE ONLY marketplace.project_milestones
    ADD CONSTRAINT project_milestones_invoice_id_key UNIQUE (invoice_id);

ALTER TABLE ONLY marketplace.project_milestones
    ADD CONSTRAINT project_milestones_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.project_milestones
    ADD CONSTRAINT project_milestones_project_id_no_key UNIQUE (project_id, no) DEFERRABLE;

ALTER TABLE ONLY marketplace.provider_applications
    ADD CONSTRAINT provider_applications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.providers
    ADD CONSTRAINT providers_account_id_key UNIQUE (account_id);

ALTER TABLE ONLY marketplace.providers
    ADD CONSTRAINT providers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.reminders
    ADD CONSTRAINT reminders_pkey PRIMARY KEY (booking_id, revision, kind, person_id);

ALTER TABLE ONLY marketplace.resource_shares
    ADD CONSTRAINT resource_shares_pkey PRIMARY KEY (resource_id, provider_id);

ALTER TABLE ONLY marketplace.resources
    ADD CONSTRAINT resources_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.review_windows
    ADD CONSTRAINT review_windows_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY marketplace.reviews
    ADD CONSTRAINT reviews_booking_id_author_key UNIQUE (booking_id, author);

ALTER TABLE ONLY marketplace.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.series
    ADD CONSTRAINT series_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.service_resources
    ADD CONSTRAINT service_resources_pkey PRIMARY KEY (service_id, resource_id);

ALTER TABLE ONLY marketplace.services
    ADD CONSTRAINT services_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.talk_reports
    ADD CONSTRAINT talk_reports_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.time_changes
    ADD CONSTRAINT time_changes_pkey PRIMARY KEY (booking_id, was_at, due_at);

ALTER TABLE ONLY marketplace.travel_times
    ADD CONSTRAINT travel_times_pkey PRIMARY KEY (way, source);

ALTER TABLE ONLY marketplace.visit_events
    ADD CONSTRAINT visit_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.visits
    ADD CONSTRAINT visits_pkey PRIMARY KEY (booking_id);

ALTER TABLE ONLY marketplace.waits
    ADD CONSTRAINT waits_customer_id_service_id_from_date_until_date_key UNIQUE (customer_id, service_id, from_date, until_date);

ALTER TABLE ONLY marketplace.waits
    ADD CONSTRAINT waits_pkey PRIMARY KEY (id);

ALTER TABLE ONLY marketplace.weekly_hours
    ADD CONSTRAINT weekly_hours_pkey PRIMARY KEY (provider_id, weekday, from_minute);

ALTER TABLE ONLY marketplace.weekly_hours
    ADD CONSTRAINT weekly_hours_provider_id_weekday_int4range_excl EXCLUDE USING gist (provider_id WITH =, weekday WITH =, int4range(from_minute, until_minute) WITH &&);

ALTER TABLE ONLY messaging.bursts
    ADD CONSTRAINT bursts_pkey PRIMARY KEY (person_id, category, way);

ALTER TABLE ONLY messaging.deliveries
    ADD CONSTRAINT deliveries_person_id_template_channel_unique_key_key UNIQUE (person_id, template, channel, unique_key);

ALTER TABLE ONLY messaging.deliveries
    ADD CONSTRAINT deliveries_pkey PRIMARY KEY (id);

ALTER TABLE ONLY messaging.deliveries
    ADD CONSTRAINT deliveries_provider_ref_key UNIQUE (provider_ref);

ALTER TABLE ONLY messaging.delivery_log
    ADD CONSTRAINT delivery_log_pkey PRIMARY KEY (id);

ALTER TABLE ONLY messaging.notices
    ADD CONSTRAINT notices_person_id_template_unique_key_key UNIQUE (person_id, template, unique_key);

ALTER TABLE ONLY messaging.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY messaging.preferences
    ADD CONSTRAINT preferences_pkey PRIMARY KEY (person_id, category, channel);

ALTER TABLE ONLY messaging.push_devices
    ADD CONSTRAINT push_devices_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY messaging.push_devices
    ADD CONSTRAINT push_devices_token_key_key UNIQUE (token_key);

ALTER TABLE ONLY messaging.quiet_hours
    ADD CONSTRAINT quiet_hours_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY messaging.recipients
    ADD CONSTRAINT recipients_pkey PRIMARY KEY (person_id);

ALTER TABLE ONLY messaging.suppressions
    ADD CONSTRAINT suppressions_channel_address_key_key UNIQUE (channel, address_key);

ALTER TABLE ONLY messaging.suppressions
    ADD CONSTRAINT suppressions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY messaging.template_versions
    ADD CONSTRAINT template_versions_pkey PRIMARY KEY (template, version);

ALTER TABLE ONLY messaging.templates_in_force
    ADD CONSTRAINT templates_in_force_pkey PRIMARY KEY (template);

ALTER TABLE ONLY messaging.text_answers
    ADD CONSTRAINT text_answers_pkey PRIMARY KEY (sid);

ALTER TABLE ONLY messaging.voices
    ADD CONSTRAINT voices_pkey PRIMARY KEY (key);

ALTER TABLE ONLY money.accounts
    ADD CONSTRAINT accounts_kind_owner_id_currency_key UNIQUE NULLS NOT DISTINCT (kind, owner_id, currency);

ALTER TABLE ONLY money.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.approvals
    ADD CONSTRAINT approvals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.balance_rounds
    ADD CONSTRAINT balance_rounds_pkey PRIMARY KEY (moment_id);

ALTER TABLE ONLY money.balances
    ADD CONSTRAINT balances_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY money.bank_results
    ADD CONSTRAINT bank_results_pkey PRIMARY KEY (reference);

ALTER TABLE ONLY money.books
    ADD CONSTRAINT books_pkey PRIMARY KEY (one);

ALTER TABLE ONLY money.captures
    ADD CONSTRAINT captures_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.clock_doubts
    ADD CONSTRAINT clock_doubts_pkey PRIMARY KEY (gateway, since);

ALTER TABLE ONLY money.closings
    ADD CONSTRAINT closings_pkey PRIMARY KEY (until);

ALTER TABLE ONLY money.conversions
    ADD CONSTRAINT conversions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.destination_accounts
    ADD CONSTRAINT destination_accounts_pkey PRIMARY KEY (destination_id, rail, currency);

ALTER TABLE ONLY money.destinations
    ADD CONSTRAINT destinations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.dispute_evidence
    ADD CONSTRAINT dispute_evidence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.disputes
    ADD CONSTRAINT disputes_gateway_gateway_ref_key UNIQUE (gateway, gateway_ref);

ALTER TABLE ONLY money.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.entries
    ADD CONSTRAINT entries_pkey PRIMARY KEY (journal_id, no);

ALTER TABLE ONLY money.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (epoch);

ALTER TABLE ONLY money.escrow_parts
    ADD CONSTRAINT escrow_parts_pkey PRIMARY KEY (order_id, key);

ALTER TABLE ONLY money.explain_rules
    ADD CONSTRAINT explain_rules_name_key UNIQUE (name);

ALTER TABLE ONLY money.explain_rules
    ADD CONSTRAINT explain_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.fee_rules
    ADD CONSTRAINT fee_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.fx_rates
    ADD CONSTRAINT fx_rates_base_quote_source_quoted_at_key UNIQUE (base, quote, source, quoted_at);

ALTER TABLE ONLY money.fx_rates
    ADD CONSTRAINT fx_rates_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.gateway_calls
    ADD CONSTRAINT gateway_calls_pkey PRIMARY KEY (gateway, hour, up_to_ms, answered);

ALTER TABLE ONLY money.gateway_customers
    ADD CONSTRAINT gateway_customers_gateway_reference_key UNIQUE (gateway, reference);

ALTER TABLE ONLY money.gateway_customers
    ADD CONSTRAINT gateway_customers_pkey PRIMARY KEY (account_id, gateway);

ALTER TABLE ONLY money.gateway_fee_rules
    ADD CONSTRAINT gateway_fee_rules_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.gateway_settlements
    ADD CONSTRAINT gateway_settlements_line_id_key UNIQUE (line_id);

ALTER TABLE ONLY money.gateway_settlements
    ADD CONSTRAINT gateway_settlements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.invoice_files
    ADD CONSTRAINT invoice_files_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY money.invoice_guards
    ADD CONSTRAINT invoice_guards_pkey PRIMARY KEY (invoice_id);

ALTER TABLE ONLY money.invoice_series
    ADD CONSTRAINT invoice_series_pkey PRIMARY KEY (series);

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_number_key UNIQUE (number);

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_series_no_key UNIQUE (series, no);

ALTER TABLE ONLY money.journals
    ADD CONSTRAINT journals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.journals
    ADD CONSTRAINT journals_reference_key UNIQUE (reference);

ALTER TABLE ONLY money.moments
    ADD CONSTRAINT moments_at_key UNIQUE (at);

ALTER TABLE ONLY money.moments
    ADD CONSTRAINT moments_epoch_xid_key UNIQUE (epoch, xid);

ALTER TABLE ONLY money.moments
    ADD CONSTRAINT moments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.order_holds
    ADD CONSTRAINT order_holds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.order_lines
    ADD CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, no);

ALTER TABLE ONLY money.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.orders
    ADD CONSTRAINT orders_purpose_subject_id_key UNIQUE (purpose, subject_id);

ALTER TABLE ONLY money.pay_links
    ADD CONSTRAINT pay_links_invoice_id_key UNIQUE (invoice_id);

ALTER TABLE ONLY money.pay_links
    ADD CONSTRAINT pay_links_pkey PRIMARY KEY (token_sha256);

ALTER TABLE ONLY money.payment_events
    ADD CONSTRAINT payment_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.payment_guards
    ADD CONSTRAINT payment_guards_pkey PRIMARY KEY (payment_id);

ALTER TABLE ONLY money.payments
    ADD CONSTRAINT payments_order_id_attempt_key UNIQUE (order_id, attempt);

ALTER TABLE ONLY money.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.payout_batch_items
    ADD CONSTRAINT payout_batch_items_pkey PRIMARY KEY (batch_id, payout_id);

ALTER TABLE ONLY money.payout_batches
    ADD CONSTRAINT payout_batches_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.payout_files
    ADD CONSTRAINT payout_files_pkey PRIMARY KEY (batch_id);

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_end_to_end_key UNIQUE (end_to_end);

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_gateway_ref_key UNIQUE (gateway_ref);

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_transfer_ref_key UNIQUE (transfer_ref);

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_withdrawal_id_key UNIQUE (withdrawal_id);

ALTER TABLE ONLY money.period_accounts
    ADD CONSTRAINT period_accounts_pkey PRIMARY KEY (account_id, until);

ALTER TABLE ONLY money.period_freezes
    ADD CONSTRAINT period_freezes_pkey PRIMARY KEY (until);

ALTER TABLE ONLY money.period_totals
    ADD CONSTRAINT period_totals_pkey PRIMARY KEY (until, kind, currency);

ALTER TABLE ONLY money.quarantine
    ADD CONSTRAINT quarantine_payment_id_payout_id_reason_reported_key UNIQUE NULLS NOT DISTINCT (payment_id, payout_id, reason, reported);

ALTER TABLE ONLY money.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.reconciliation_currencies
    ADD CONSTRAINT reconciliation_currencies_pkey PRIMARY KEY (reconciliation_id, currency);

ALTER TABLE ONLY money.reconciliation_exceptions
    ADD CONSTRAINT reconciliation_exceptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.reconciliation_notes
    ADD CONSTRAINT reconciliation_notes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.reconciliation_totals
    ADD CONSTRAINT reconciliation_totals_pkey PRIMARY KEY (reconciliation_id, currency, outcome);

ALTER TABLE ONLY money.reconciliations
    ADD CONSTRAINT reconciliations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.refunds
    ADD CONSTRAINT refunds_handed_over UNIQUE (handed_over);

ALTER TABLE ONLY money.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.report_lines
    ADD CONSTRAINT report_lines_external_id_source_key UNIQUE (external_id, source);

ALTER TABLE ONLY money.report_lines
    ADD CONSTRAINT report_lines_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.report_links
    ADD CONSTRAINT report_links_pkey PRIMARY KEY (subject_kind, subject_id);

ALTER TABLE ONLY money.report_staged
    ADD CONSTRAINT report_staged_pkey PRIMARY KEY (reconciliation_id, no);

ALTER TABLE ONLY money.reserves
    ADD CONSTRAINT reserves_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.risk_blocks
    ADD CONSTRAINT risk_blocks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.risk_decisions
    ADD CONSTRAINT risk_decisions_payment_id_key UNIQUE (payment_id);

ALTER TABLE ONLY money.risk_decisions
    ADD CONSTRAINT risk_decisions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.risk_reviews
    ADD CONSTRAINT risk_reviews_decision_id_key UNIQUE (decision_id);

ALTER TABLE ONLY money.risk_reviews
    ADD CONSTRAINT risk_reviews_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY money.round_accounts
    ADD CONSTRAINT round_accounts_pkey PRIMARY KEY (account_id, moment_id);

ALTER TABLE ONLY money.round_totals
    ADD CONSTRAINT round_totals_pkey PRIMARY KEY (moment_id, kind, currency);

ALTER TABLE ONLY money.saved_methods
    ADD CONSTRAINT saved_methods_gateway_token_key UNIQUE (gateway, token);

ALTER TABLE ONLY money.saved_methods
    ADD CONSTRAINT saved_methods_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.seal_checkpoints
    ADD CONSTRAINT seal_checkpoints_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.seal_checkpoints
    ADD CONSTRAINT seal_checkpoints_size_key UNIQUE (size);

ALTER TABLE ONLY money.seal_chunks
    ADD CONSTRAINT seal_chunks_epoch_tx_journal_id_key UNIQUE (epoch, tx, journal_id);

ALTER TABLE ONLY money.seal_chunks
    ADD CONSTRAINT seal_chunks_pkey PRIMARY KEY (first);

ALTER TABLE ONLY money.seal_keys
    ADD CONSTRAINT seal_keys_pkey PRIMARY KEY (kid);

ALTER TABLE ONLY money.seal_nodes
    ADD CONSTRAINT seal_nodes_pkey PRIMARY KEY (level, no);

ALTER TABLE ONLY money.send_backs
    ADD CONSTRAINT send_backs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.webhooks
    ADD CONSTRAINT webhooks_gateway_event_id_key UNIQUE (gateway, event_id);

ALTER TABLE ONLY money.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.withdrawal_events
    ADD CONSTRAINT withdrawal_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY money.withdrawals
    ADD CONSTRAINT withdrawals_pkey PRIMARY KEY (id);

ALTER TABLE ONLY operations.saved_filters
    ADD CONSTRAINT saved_filters_account_id_list_name_key UNIQUE (account_id, list, name);

ALTER TABLE ONLY operations.saved_filters
    ADD CONSTRAINT saved_filters_pkey PRIMARY KEY (id);

ALTER TABLE ONLY operations.webhook_attempts
    ADD CONSTRAINT webhook_attempts_pkey PRIMARY KEY (endpoint_id, event_id, round, no);

ALTER TABLE ONLY operations.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_pkey PRIMARY KEY (endpoint_id, event_id);

ALTER TABLE ONLY operations.webhook_endpoints
    ADD CONSTRAINT webhook_endpoints_pkey PRIMARY KEY (id);

ALTER TABLE ONLY operations.webhook_events
    ADD CONSTRAINT webhook_events_no_key UNIQUE (no);

ALTER TABLE ONLY operations.webhook_events
    ADD CONSTRAINT webhook_events_object_id_sequence_key UNIQUE (object_id, sequence);

ALTER TABLE ONLY operations.webhook_events
    ADD CONSTRAINT webhook_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY operations.webhook_objects
    ADD CONSTRAINT webhook_objects_pkey PRIMARY KEY (object_id);

CREATE INDEX documents_changed ON content.documents USING btree (changed_at DESC, id DESC);

CREATE UNIQUE INDEX documents_of_subject ON content.documents USING btree (kind, subject) WHERE (subject IS NOT NULL);

CREATE INDEX documents_public ON content.documents USING btree (kind, first_published_at DESC, id DESC) WHERE (published_version IS NOT NULL);

CREATE INDEX schedules_of_document ON content.schedules USING btree (document_id, made_at DESC);

CREATE UNIQUE INDEX schedules_waiting ON content.schedules USING btree (document_id, act) WHERE (state = 'waiting'::text);

CREATE INDEX slugs_by_text ON content.slugs USING btree (slug text_pattern_ops);

CREATE INDEX slugs_of_document ON content.slugs USING btree (document_id, claimed_at);

CREATE INDEX versions_by_title_ar ON content.versions USING btree (lower(((texts -> 'ar'::text) ->> 'title'::text)) text_pattern_ops);

CREATE INDEX versions_by_title_en ON content.versions USING btree (lower(((texts -> 'en'::text) ->> 'title'::text)) text_pattern_ops);

CREATE INDEX versions_made_by ON content.versions USING btree (made_by);

CREATE INDEX uploads_of_owner ON files.uploads USING btree (owner_id, id DESC);

CREATE INDEX uploads_of_subject ON files.uploads USING btree (subject, id DESC);

CREATE INDEX uploads_to_clear ON files.uploads USING btree (expires_at) WHERE (cleared_at IS NULL);

CREATE INDEX uploads_to_preview ON files.uploads USING btree (id) WHERE (preview = ANY (ARRAY['waiting'::text, 'making'::text]));

CREATE INDEX audit_action ON foundation.audit USING btree (action, id);

CREATE INDEX audit_actor ON foundation.audit USING btree (actor_id, id) WHERE (actor_id IS NOT NULL);

CREATE INDEX audit_at ON foundation.audit USING brin (at);

CREATE INDEX audit_order ON foundation.audit USING btree (tx, id);

CREATE INDEX audit_person ON foundation.audit USING btree (person_id, id) WHERE (person_id IS NOT NULL);

CREATE INDEX audit_subject ON foundation.audit USING btree (subject_type, subject_id, id);

CREATE INDEX idempotency_expiry ON foundation.idempotency USING btree (expires_at);

CREATE INDEX jobs_dead ON foundation.jobs USING btree (died_at) WHERE (state = 'dead'::text);

CREATE INDEX jobs_due ON foundation.jobs USING btree (run_at, id) WHERE (state = 'ready'::text);

CREATE INDEX jobs_leased ON foundation.jobs USING btree (lease_until) WHERE (state = 'running'::text);

CREATE UNIQUE INDEX jobs_unique ON foundation.jobs USING btree (kind, unique_key) WHERE (state = ANY (ARRAY['ready'::text, 'running'::text]));

CREATE INDEX rate_hits_expiry ON foundation.rate_hits USING btree (expires_at);

CREATE INDEX rate_windows_expiry ON foundation.rate_windows USING btree (expires_at);

CREATE INDEX accounts_by_email ON identity.accounts USING btree (email_key text_pattern_ops);

CREATE INDEX accounts_by_name ON identity.accounts USING btree (lower(display_name) text_pattern_ops);

CREATE UNIQUE INDEX accounts_by_phone ON identity.accounts USING btree (phone) WHERE (phone_verified_at IS NOT NULL);

CREATE INDEX active_days_by_day ON identity.active_days USING btree (day);

CREATE INDEX backup_codes_left ON identity.backup_codes USING btree (account_id) WHERE (used_at IS NULL);

CREATE INDEX challenges_expiry ON identity.challenges USING btree (expires_at);

CREATE INDEX challenges_of_session ON identity.challenges USING btree (session_id) WHERE (session_id IS NOT NULL);

CREATE UNIQUE INDEX device_tokens_current ON identity.device_tokens USING btree (device_id) WHERE (replaced_at IS NULL);

CREATE INDEX device_tokens_of_device ON identity.device_tokens USING btree (device_id);

CREATE INDEX devices_of_account ON identity.devices USING btree (account_id, last_seen_at DESC) WHERE (revoked_at IS NULL);

CREATE INDEX email_changes_expiry ON identity.email_changes USING btree (link_expires_at);

CREATE INDEX erasures_of_account ON identity.erasures USING btree (account_id, id DESC);

CREATE UNIQUE INDEX erasures_one_waiting ON identity.erasures USING btree (account_id) WHERE (state = 'waiting'::text);

CREATE INDEX exports_expiry ON identity.exports USING btree (expires_at) WHERE (expires_at IS NOT NULL);

CREATE INDEX exports_of_account ON identity.exports USING btree (account_id, id DESC);

CREATE UNIQUE INDEX exports_one_asked ON identity.exports USING btree (account_id) WHERE (state = 'asked'::text);

CREATE INDEX invitations_of_account ON identity.invitations USING btree (account_id) WHERE (account_id IS NOT NULL);

CREATE UNIQUE INDEX invitations_one_open ON identity.invitations USING btree (email_key) WHERE (state = 'sent'::text);

CREATE UNIQUE INDEX network_blocks_living ON identity.network_blocks USING btree (network) WHERE (removed_at IS NULL);

CREATE INDEX network_blocks_network ON identity.network_blocks USING gist (network inet_ops) WHERE (removed_at IS NULL);

CREATE INDEX passkey_asks_expiry ON identity.passkey_asks USING btree (expires_at);

CREATE INDEX passkey_asks_of_challenge ON identity.passkey_asks USING btree (challenge_id) WHERE (challenge_id IS NOT NULL);

CREATE INDEX passkeys_of_account ON identity.passkeys USING btree (account_id, created_at);

CREATE INDEX phone_sign_ins_expiry ON identity.phone_sign_ins USING btree (expires_at);

CREATE INDEX phone_verifications_expiry ON identity.phone_verifications USING btree (expires_at);

CREATE UNIQUE INDEX refresh_tokens_current ON identity.refresh_tokens USING btree (session_id) WHERE (used_at IS NULL);

CREATE INDEX refresh_tokens_of_session ON identity.refresh_tokens USING btree (session_id);

CREATE INDEX risk_decisions_of_account ON identity.risk_decisions USING btree (account_id, id DESC);

CREATE INDEX risk_decisions_outcome ON identity.risk_decisions USING btree (outcome, id DESC) WHERE (outcome <> 'allow'::text);

CREATE INDEX sessions_expiry ON identity.sessions USING btree (expires_at) WHERE (ended_at IS NULL);

CREATE INDEX sessions_impersonated_from ON identity.sessions USING btree (impersonator_session) WHERE (impersonator_session IS NOT NULL);

CREATE INDEX sessions_newest ON identity.sessions USING btree (created_at DESC, id DESC);

CREATE INDEX sessions_newest_ended ON identity.sessions USING btree (ended_at DESC) WHERE (ended_at IS NOT NULL);

CREATE INDEX sessions_newest_of_country ON identity.sessions USING btree (country, created_at DESC, id DESC);

CREATE INDEX sessions_newest_of_country_and_device ON identity.sessions USING btree (country, device_type, created_at DESC, id DESC);

CREATE INDEX sessions_newest_of_device ON identity.sessions USING btree (device_type, created_at DESC, id DESC);

CREATE INDEX sessions_newest_of_kind ON identity.sessions USING btree (kind, created_at DESC, id DESC);

CREATE INDEX sessions_newest_of_person ON identity.sessions USING btree (account_id, created_at DESC, id DESC);

CREATE INDEX sessions_newest_open ON identity.sessions USING btree (created_at DESC, id DESC) INCLUDE (device_type, country, kind) WHERE (ended_at IS NULL);

CREATE INDEX sessions_of_account ON identity.sessions USING btree (account_id, created_at DESC) WHERE (ended_at IS NULL);

CREATE INDEX sessions_of_address ON identity.sessions USING btree (address);

CREATE INDEX sign_in_failures_account ON identity.sign_in_failures USING btree (account_key, at);

CREATE INDEX sign_in_failures_address ON identity.sign_in_failures USING btree (address, at);

CREATE INDEX sign_in_failures_at ON identity.sign_in_failures USING btree (at);

CREATE INDEX sign_in_failures_network ON identity.sign_in_failures USING btree (network, at);

CREATE INDEX sign_in_failures_password ON identity.sign_in_failures USING btree (password_mark, at);

CREATE UNIQUE INDEX signing_keys_one_active ON identity.signing_keys USING btree (state) WHERE (state = ANY (ARRAY['next'::text, 'active'::text]));

CREATE INDEX sms_traffic_age ON identity.sms_traffic USING btree (hour);

CREATE INDEX absences_by_state ON marketplace.absences USING btree (state, id);

CREATE INDEX absences_settled ON marketplace.absences USING btree (ended_at) WHERE (state = 'settled'::text);

CREATE INDEX bookings_customer ON marketplace.bookings USING btree (customer_id, id);

CREATE INDEX bookings_held ON marketplace.bookings USING btree (hold_until) WHERE (state = 'held'::text);

CREATE INDEX bookings_made ON marketplace.bookings USING brin (created_at);

CREATE INDEX bookings_of_package ON marketplace.bookings USING btree (package_sale_id, id) WHERE (package_sale_id IS NOT NULL);

CREATE INDEX bookings_open_holds ON marketplace.bookings USING btree (customer_id) WHERE (state = 'held'::text);

CREATE INDEX bookings_provider ON marketplace.bookings USING btree (provider_id, starts_at);

CREATE INDEX bookings_provider_account ON marketplace.bookings USING btree (provider_account_id, id);

CREATE UNIQUE INDEX bookings_series ON marketplace.bookings USING btree (series_id, series_no) WHERE (series_id IS NOT NULL);

CREATE INDEX bookings_to_come ON marketplace.bookings USING btree (provider_id, starts_at) WHERE (state = ANY (ARRAY['held'::text, 'confirmed'::text]));

CREATE INDEX call_presences_by_booking ON marketplace.call_presences USING btree (booking_id, person_id);

CREATE UNIQUE INDEX call_presences_one ON marketplace.call_presences USING btree (call_id, person_id) WHERE (left_at IS NULL);

CREATE INDEX call_presences_open ON marketplace.call_presences USING btree (seen_at) WHERE (left_at IS NULL);

CREATE INDEX call_signals_by_call ON marketplace.call_signals USING btree (call_id);

CREATE INDEX calls_by_booking ON marketplace.calls USING btree (booking_id, id);

CREATE UNIQUE INDEX calls_one_live ON marketplace.calls USING btree (booking_id) WHERE (state = ANY (ARRAY['ringing'::text, 'accepted'::text]));

CREATE INDEX chats_customer ON marketplace.chats USING btree (customer_id, id);

CREATE INDEX chats_open_between ON marketplace.chats USING btree (provider_account_id, customer_id) WHERE (state = 'open'::text);

CREATE INDEX chats_provider ON marketplace.chats USING btree (provider_account_id, id);

CREATE INDEX client_projects_of_client ON marketplace.client_projects USING btree (client_id, id);

CREATE INDEX client_projects_of_provider ON marketplace.client_projects USING btree (provider_account_id, id);

CREATE INDEX external_busy_of_calendar ON marketplace.external_busy USING btree (calendar_id);

CREATE INDEX external_busy_provider ON marketplace.external_busy USING gist (provider_id, during);

CREATE INDEX external_calendars_due ON marketplace.external_calendars USING btree (next_at);

CREATE INDEX external_calendars_provider ON marketplace.external_calendars USING btree (provider_id, id);

CREATE INDEX forecasts_by_age ON marketplace.forecasts USING btree (as_of);

CREATE INDEX mask_appeals_by_state ON marketplace.mask_appeals USING btree (state, id);

CREATE INDEX package_sales_of_customer ON marketplace.package_sales USING btree (customer_id, id);

CREATE INDEX package_sales_of_provider ON marketplace.package_sales USING btree (provider_account_id, id);

CREATE INDEX packages_of_provider ON marketplace.packages USING btree (provider_id, id);

CREATE UNIQUE INDEX person_blocks_in_force ON marketplace.person_blocks USING btree (blocker_id, blocked_id) WHERE (lifted_at IS NULL);

CREATE INDEX project_bookings_of_project ON marketplace.project_bookings USING btree (project_id, booking_id);

CREATE INDEX provider_applications_by_state ON marketplace.provider_applications USING btree (state, id DESC);

CREATE INDEX provider_applications_of_account ON marketplace.provider_applications USING btree (account_id, id DESC);

CREATE UNIQUE INDEX provider_applications_one_open ON marketplace.provider_applications USING btree (account_id) WHERE (state = 'submitted'::text);

CREATE INDEX providers_place ON marketplace.providers USING btree (latitude, longitude) WHERE (latitude IS NOT NULL);

CREATE INDEX resource_shares_provider ON marketplace.resource_shares USING btree (provider_id, resource_id);

CREATE UNIQUE INDEX resources_name ON marketplace.resources USING btree (provider_id, lower(name)) WHERE (removed_at IS NULL);

CREATE INDEX reviews_counted ON marketplace.reviews USING btree (provider_id, rating) WHERE ((author = 'customer'::text) AND (published_at IS NOT NULL) AND (hidden_rule IS DISTINCT FROM 'not_genuine'::text));

CREATE INDEX reviews_of_provider ON marketplace.reviews USING btree (provider_id, published_at DESC, id DESC) WHERE ((author = 'customer'::text) AND (published_at IS NOT NULL));

CREATE INDEX reviews_published ON marketplace.reviews USING btree (published_at DESC, id DESC) WHERE (published_at IS NOT NULL);

CREATE INDEX service_resources_resource ON marketplace.service_resources USING btree (resource_id);

CREATE INDEX services_category ON marketplace.services USING btree (category_id, id) WHERE active;

CREATE INDEX services_price ON marketplace.services USING btree (currency, price_minor, id) WHERE active;

CREATE INDEX services_provider ON marketplace.services USING btree (provider_id, id);

CREATE INDEX services_words ON marketplace.services USING gin (words) WHERE active;

CREATE INDEX talk_reports_by_reported ON marketplace.talk_reports USING btree (reported_id, id);

CREATE INDEX talk_reports_by_state ON marketplace.talk_reports USING btree (state, id);

CREATE UNIQUE INDEX talk_reports_open ON marketplace.talk_reports USING btree (chat_id, reporter_id, COALESCE(message_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE (state = 'open'::text);

CREATE INDEX time_changes_newest ON marketplace.time_changes USING btree (found_at DESC, booking_id);

CREATE INDEX travel_times_by_age ON marketplace.travel_times USING btree (as_of);

CREATE INDEX visit_events_by_booking ON marketplace.visit_events USING btree (booking_id, id);

CREATE INDEX waits_service ON marketplace.waits USING btree (service_id, until_at);

CREATE INDEX waits_until ON marketplace.waits USING btree (until_at);

CREATE INDEX bursts_began ON messaging.bursts USING btree (began_at);

CREATE INDEX deliveries_in_digest ON messaging.deliveries USING btree (digest_id) WHERE (digest_id IS NOT NULL);

CREATE INDEX deliveries_in_quiet ON messaging.deliveries USING btree (person_id) WHERE ((state = 'queued'::text) AND (reason = 'QUIET_HOURS'::text));

CREATE INDEX deliveries_not_sent ON messaging.deliveries USING btree (state, id DESC) WHERE (state <> 'sent'::text);

CREATE INDEX deliveries_of_template ON messaging.deliveries USING btree (template, id DESC);

CREATE INDEX deliveries_recent ON messaging.deliveries USING btree (changed_at DESC);

CREATE INDEX deliveries_waiting ON messaging.deliveries USING btree (created_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text, 'unknown'::text]));

CREATE INDEX delivery_log_of ON messaging.delivery_log USING btree (delivery_id, id);

CREATE INDEX delivery_log_of_sender ON messaging.delivery_log USING btree (sender, id DESC) WHERE (sender IS NOT NULL);

CREATE INDEX notices_of_person ON messaging.notices USING btree (person_id, id DESC) INCLUDE (read_at);

CREATE INDEX notices_unread ON messaging.notices USING btree (person_id) WHERE ((read_at IS NULL) AND shown);

CREATE INDEX push_devices_of_person ON messaging.push_devices USING btree (person_id);

CREATE INDEX suppressions_of_person ON messaging.suppressions USING btree (person_id, id DESC);

CREATE INDEX voices_by_age ON messaging.voices USING btree (made_at);

CREATE INDEX voices_of_person ON messaging.voices USING btree (person_id);

CREATE UNIQUE INDEX approvals_open ON money.approvals USING btree (kind, subject) WHERE (state = 'pending'::text);

CREATE INDEX approvals_queue ON money.approvals USING btree (state, id DESC);

CREATE INDEX approvals_subject ON money.approvals USING btree (subject, id);

CREATE INDEX bank_results_payout ON money.bank_results USING btree (payout_id);

CREATE UNIQUE INDEX captures_one_asked ON money.captures USING btree (payment_id) WHERE (state = ANY (ARRAY['pending'::text, 'unknown'::text]));

CREATE INDEX captures_payment ON money.captures USING btree (payment_id, id);

CREATE INDEX conversions_newest ON money.conversions USING btree (converted_at DESC, id DESC);

CREATE UNIQUE INDEX destinations_current ON money.destinations USING btree (provider_id) WHERE (retired_at IS NULL);

CREATE INDEX dispute_evidence_of ON money.dispute_evidence USING btree (dispute_id, id);

CREATE UNIQUE INDEX dispute_evidence_one ON money.dispute_evidence USING btree (dispute_id) WHERE (state <> 'refused'::text);

CREATE INDEX disputes_open ON money.disputes USING btree (due_at, id) WHERE (closed_at IS NULL);

CREATE INDEX disputes_order ON money.disputes USING btree (order_id, id);

CREATE INDEX disputes_payment ON money.disputes USING btree (payment_id, id);

CREATE INDEX disputes_reinstated ON money.disputes USING btree (gateway, reinstated_at, id) WHERE (reinstated_at IS NOT NULL);

CREATE INDEX disputes_withdrawn ON money.disputes USING btree (gateway, withdrawn_at, id) WHERE (withdrawn_at IS NOT NULL);

CREATE INDEX entries_account ON money.entries USING btree (account_id, journal_id);

CREATE UNIQUE INDEX fee_rules_in_force ON money.fee_rules USING btree (provider_id, category, currency) NULLS NOT DISTINCT WHERE (retired_at IS NULL);

CREATE INDEX fx_rates_newest ON money.fx_rates USING btree (base, quote, quoted_at DESC);

CREATE INDEX gateway_calls_recent ON money.gateway_calls USING btree (hour);

CREATE INDEX gateway_fee_rules_of ON money.gateway_fee_rules USING btree (gateway, from_at DESC);

CREATE UNIQUE INDEX gateway_settlements_reference ON money.gateway_settlements USING btree (source, reference);

CREATE INDEX gateway_settlements_waiting ON money.gateway_settlements USING btree (currency, minor) WHERE ((bank_line_id IS NULL) AND (returned_at IS NULL));

CREATE UNIQUE INDEX invoice_guards_one_live ON money.invoice_guards USING btree (order_id) WHERE (NOT voided);

CREATE INDEX invoices_buyer ON money.invoices USING btree (buyer_id, id);

CREATE INDEX invoices_by_number ON money.invoices USING btree (number text_pattern_ops);

CREATE UNIQUE INDEX invoices_deposit_deducted_once ON money.invoices USING btree (deducts) WHERE (deducts IS NOT NULL);

CREATE INDEX invoices_kind ON money.invoices USING btree (kind, id);

CREATE INDEX invoices_of ON money.invoices USING btree (invoice_id) WHERE (invoice_id IS NOT NULL);

CREATE UNIQUE INDEX invoices_one_credit_note_a_refund ON money.invoices USING btree (refund_id) WHERE ((kind = 'credit_note'::text) AND (refund_id IS NOT NULL));

CREATE UNIQUE INDEX invoices_one_receipt_a_payment ON money.invoices USING btree (payment_id) WHERE ((kind = 'receipt'::text) AND (payment_id IS NOT NULL));

CREATE UNIQUE INDEX invoices_one_receipt_a_refund ON money.invoices USING btree (refund_id) WHERE ((kind = 'receipt'::text) AND (refund_id IS NOT NULL));

CREATE INDEX invoices_order ON money.invoices USING btree (order_id, id);

CREATE INDEX invoices_provider ON money.invoices USING btree (provider_id, id);

CREATE INDEX journals_counted_late ON money.journals USING btree (effective_at) WHERE (counted_at IS NOT NULL);

CREATE INDEX journals_order ON money.journals USING btree (order_id, id) WHERE (order_id IS NOT NULL);

CREATE INDEX journals_posted ON money.journals USING brin (posted_at);

CREATE INDEX order_holds_of ON money.order_holds USING btree (order_id, id);

CREATE UNIQUE INDEX order_holds_one ON money.order_holds USING btree (order_id) WHERE (ended_at IS NULL);

CREATE INDEX orders_customer ON money.orders USING btree (customer_id, id);

CREATE INDEX orders_escrow ON money.orders USING btree (provider_id, id) WHERE ((state = 'paid'::text) AND (released_at IS NULL));

CREATE INDEX orders_provider ON money.orders USING btree (provider_id, id);

CREATE INDEX payment_events_of ON money.payment_events USING btree (payment_id, id);

CREATE INDEX payments_captured ON money.payments USING btree (gateway, captured_at, id) WHERE (captured_at IS NOT NULL);

CREATE UNIQUE INDEX payments_gateway_payment ON money.payments USING btree (gateway, gateway_payment) WHERE (gateway_payment IS NOT NULL);

CREATE UNIQUE INDEX payments_gateway_ref ON money.payments USING btree (gateway, gateway_ref) WHERE (gateway_ref IS NOT NULL);

CREATE INDEX payments_method ON money.payments USING btree (method_id) WHERE (method_id IS NOT NULL);

CREATE UNIQUE INDEX payments_one_live ON money.payments USING btree (order_id) WHERE (state = ANY (ARRAY['created'::text, 'requires_action'::text, 'authorized'::text, 'capturing'::text, 'unknown'::text]));

CREATE INDEX payments_recent ON money.payments USING btree (created_at DESC, id DESC);

CREATE INDEX payments_state ON money.payments USING btree (state, changed_at) WHERE (state = ANY (ARRAY['created'::text, 'requires_action'::text, 'authorized'::text, 'capturing'::text, 'unknown'::text]));

CREATE UNIQUE INDEX payout_batch_items_once ON money.payout_batch_items USING btree (payout_id) WHERE (state = 'included'::text);

CREATE INDEX payout_batches_recent ON money.payout_batches USING btree (id DESC);

CREATE INDEX payouts_completed ON money.payouts USING btree (gateway, completed_at, id) WHERE (completed_at IS NOT NULL);

CREATE INDEX payouts_for_file ON money.payouts USING btree (id) WHERE ((state = 'created'::text) AND (gateway = 'bank_file'::text));

CREATE INDEX payouts_sent ON money.payouts USING btree (sent_at) WHERE (sent_at IS NOT NULL);

CREATE INDEX quarantine_open ON money.quarantine USING btree (id) WHERE (resolved_at IS NULL);

CREATE UNIQUE INDEX reconciliation_exceptions_line ON money.reconciliation_exceptions USING btree (line_id) WHERE ((line_id IS NOT NULL) AND (state = 'open'::text));

CREATE INDEX reconciliation_exceptions_missing ON money.reconciliation_exceptions USING btree (subject_id, subject_kind) WHERE (line_id IS NULL);

CREATE INDEX reconciliation_exceptions_of_line ON money.reconciliation_exceptions USING btree (line_id) WHERE (line_id IS NOT NULL);

CREATE INDEX reconciliation_exceptions_open ON money.reconciliation_exceptions USING btree (due_at, id) WHERE (state = 'open'::text);

CREATE INDEX reconciliation_exceptions_recent ON money.reconciliation_exceptions USING btree (id DESC);

CREATE INDEX reconciliation_exceptions_run ON money.reconciliation_exceptions USING btree (reconciliation_id, id);

CREATE UNIQUE INDEX reconciliation_exceptions_subject ON money.reconciliation_exceptions USING btree (subject_kind, subject_id) WHERE ((line_id IS NULL) AND (subject_id IS NOT NULL) AND (state = 'open'::text));

CREATE INDEX reconciliation_notes_of ON money.reconciliation_notes USING btree (exception_id, id);

CREATE UNIQUE INDEX reconciliations_once ON money.reconciliations USING btree (source, fingerprint) WHERE (state <> ALL (ARRAY['receiving'::text, 'discarded'::text, 'lost'::text]));

CREATE INDEX reconciliations_recent ON money.reconciliations USING btree (started_at DESC, id DESC);

CREATE INDEX reconciliations_uploads ON money.reconciliations USING btree (lease_until) WHERE ((state = 'receiving'::text) AND (lease_until IS NOT NULL));

CREATE INDEX refunds_completed ON money.refunds USING btree (completed_at, id) WHERE (completed_at IS NOT NULL);

CREATE INDEX refunds_gateway_ref ON money.refunds USING btree (gateway_ref) WHERE (gateway_ref IS NOT NULL);

CREATE INDEX refunds_order ON money.refunds USING btree (order_id, id);

CREATE INDEX refunds_payment ON money.refunds USING btree (payment_id, id);

CREATE INDEX report_lines_missing ON money.report_lines USING btree (source, id) WHERE ((state = 'open'::text) AND (subject_id IS NULL));

CREATE INDEX report_lines_open ON money.report_lines USING btree (reconciliation_id, no) WHERE (state = 'open'::text);

CREATE INDEX report_lines_run ON money.report_lines USING brin (id, reconciliation_id);

CREATE INDEX report_lines_settlements ON money.report_lines USING btree (reconciliation_id, no) WHERE (kind = ANY (ARRAY['settlement'::text, 'settlement_back'::text]));

CREATE UNIQUE INDEX report_lines_subject ON money.report_lines USING btree (subject_id, subject_kind, subject_part) WHERE (subject_id IS NOT NULL);

CREATE INDEX report_links_line ON money.report_links USING btree (line_id);

CREATE INDEX reserves_by_order ON money.reserves USING btree (order_id);

CREATE INDEX reserves_held ON money.reserves USING btree (provider_id, currency, release_at, id) WHERE (released_at IS NULL);

CREATE UNIQUE INDEX risk_blocks_living ON money.risk_blocks USING btree (kind, value) WHERE (removed_at IS NULL);

CREATE INDEX risk_blocks_network ON money.risk_blocks USING gist (network inet_ops) WHERE ((removed_at IS NULL) AND (kind = 'address'::text));

CREATE INDEX risk_decisions_address ON money.risk_decisions USING btree (address, at) WHERE (address IS NOT NULL);

CREATE INDEX risk_decisions_order ON money.risk_decisions USING btree (order_id, at);

CREATE INDEX risk_decisions_provider ON money.risk_decisions USING btree (provider_id, at);

CREATE INDEX risk_reviews_waiting ON money.risk_reviews USING btree (opened_at, order_id) WHERE (state = 'waiting'::text);

CREATE INDEX saved_methods_account ON money.saved_methods USING btree (account_id, id) WHERE (removed_at IS NULL);

CREATE INDEX send_backs_gateway_payment ON money.send_backs USING btree (gateway, gateway_payment);

CREATE UNIQUE INDEX send_backs_once ON money.send_backs USING btree (quarantine_id) WHERE (state <> 'failed'::text);

CREATE INDEX webhooks_of_payment ON money.webhooks USING btree (payment_id, id) WHERE (payment_id IS NOT NULL);

CREATE INDEX webhooks_unmatched ON money.webhooks USING btree (id) WHERE (state = 'unmatched'::text);

CREATE INDEX webhooks_waiting ON money.webhooks USING btree (received_at) WHERE (state = 'received'::text);

CREATE INDEX withdrawal_events_of ON money.withdrawal_events USING btree (withdrawal_id, id);

CREATE INDEX withdrawals_held ON money.withdrawals USING btree (held_at, id) WHERE (held_code IS NOT NULL);

CREATE INDEX withdrawals_provider ON money.withdrawals USING btree (provider_id, id);

CREATE INDEX withdrawals_queue ON money.withdrawals USING btree (state, requested_at, id);

CREATE INDEX withdrawals_recent ON money.withdrawals USING btree (provider_id, currency, requested_at);

CREATE INDEX webhook_deliveries_due ON operations.webhook_deliveries USING btree (endpoint_id, next_at, event_no) WHERE (state = 'waiting'::text);

CREATE INDEX webhook_deliveries_event ON operations.webhook_deliveries USING btree (event_id);

CREATE INDEX webhook_deliveries_failed ON operations.webhook_deliveries USING btree (endpoint_id, event_no DESC) WHERE (state = 'failed'::text);

CREATE INDEX webhook_deliveries_leased ON operations.webhook_deliveries USING btree (lease_until) WHERE (state = 'sending'::text);

CREATE INDEX webhook_deliveries_newest ON operations.webhook_deliveries USING btree (endpoint_id, event_no DESC);

CREATE INDEX webhook_events_fresh ON operations.webhook_events USING btree (no) WHERE (fanned_at IS NULL);

CREATE INDEX webhook_events_time ON operations.webhook_events USING btree (occurred_at, no);

CREATE TRIGGER providers_words AFTER UPDATE OF display_name, headline ON marketplace.providers FOR EACH ROW WHEN (((old.display_name IS DISTINCT FROM new.display_name) OR (old.headline IS DISTINCT FROM new.headline))) EXECUTE FUNCTION marketplace.set_words_of_provider();

CREATE TRIGGER services_words BEFORE INSERT OR UPDATE OF name, name_ar, description ON marketplace.services FOR EACH ROW EXECUTE FUNCTION marketplace.set_service_words();

CREATE TRIGGER accounts_stay BEFORE DELETE OR UPDATE OF id ON money.accounts FOR EACH ROW EXECUTE FUNCTION money.stays();

CREATE TRIGGER books_forward BEFORE UPDATE ON money.books FOR EACH ROW EXECUTE FUNCTION money.books_move_forward();

CREATE TRIGGER journals_stay BEFORE DELETE OR UPDATE OF id ON money.journals FOR EACH ROW EXECUTE FUNCTION money.stays();

ALTER TABLE ONLY content.documents
    ADD CONSTRAINT documents_id_published_version_fkey FOREIGN KEY (id, published_version) REFERENCES content.versions(document_id, version) ON DELETE RESTRICT;

ALTER TABLE ONLY content.schedules
    ADD CONSTRAINT schedules_document_id_fkey FOREIGN KEY (document_id) REFERENCES content.documents(id) ON DELETE RESTRICT;

ALTER TABLE ONLY content.schedules
    ADD CONSTRAINT schedules_document_id_version_fkey FOREIGN KEY (document_id, version) REFERENCES content.versions(document_id, version) ON DELETE RESTRICT;

ALTER TABLE ONLY content.slugs
    ADD CONSTRAINT slugs_document_id_fkey FOREIGN KEY (document_id) REFERENCES content.documents(id) ON DELETE RESTRICT;

ALTER TABLE ONLY content.versions
    ADD CONSTRAINT versions_document_id_fkey FOREIGN KEY (document_id) REFERENCES content.documents(id) ON DELETE RESTRICT;

ALTER TABLE ONLY foundation.audit_seals
    ADD CONSTRAINT audit_seals_audit_id_fkey FOREIGN KEY (audit_id) REFERENCES foundation.audit(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.account_roles
    ADD CONSTRAINT account_roles_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.account_roles
    ADD CONSTRAINT account_roles_role_fkey FOREIGN KEY (role) REFERENCES identity.roles(name) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.active_days
    ADD CONSTRAINT active_days_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.backup_codes
    ADD CONSTRAINT backup_codes_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.challenges
    ADD CONSTRAINT challenges_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.challenges
    ADD CONSTRAINT challenges_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity.sessions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.device_tokens
    ADD CONSTRAINT device_tokens_device_id_fkey FOREIGN KEY (device_id) REFERENCES identity.devices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.devices
    ADD CONSTRAINT devices_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.email_changes
    ADD CONSTRAINT email_changes_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.email_verifications
    ADD CONSTRAINT email_verifications_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.erasures
    ADD CONSTRAINT erasures_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.erasures
    ADD CONSTRAINT erasures_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.exports
    ADD CONSTRAINT exports_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.invitations
    ADD CONSTRAINT invitations_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.invitations
    ADD CONSTRAINT invitations_invited_by_fkey FOREIGN KEY (invited_by) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.passkey_asks
    ADD CONSTRAINT passkey_asks_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.passkey_asks
    ADD CONSTRAINT passkey_asks_challenge_id_fkey FOREIGN KEY (challenge_id) REFERENCES identity.challenges(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.passkeys
    ADD CONSTRAINT passkeys_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.password_history
    ADD CONSTRAINT password_history_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.password_resets
    ADD CONSTRAINT password_resets_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.phone_sign_ins
    ADD CONSTRAINT phone_sign_ins_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.phone_verifications
    ADD CONSTRAINT phone_verifications_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.refresh_tokens
    ADD CONSTRAINT refresh_tokens_session_id_fkey FOREIGN KEY (session_id) REFERENCES identity.sessions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.risk_decisions
    ADD CONSTRAINT risk_decisions_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.role_permissions
    ADD CONSTRAINT role_permissions_role_fkey FOREIGN KEY (role) REFERENCES identity.roles(name) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_device_id_fkey FOREIGN KEY (device_id) REFERENCES identity.devices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_impersonator_id_fkey FOREIGN KEY (impersonator_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sessions
    ADD CONSTRAINT sessions_impersonator_session_fkey FOREIGN KEY (impersonator_session) REFERENCES identity.sessions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sign_in_holds
    ADD CONSTRAINT sign_in_holds_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sign_in_holds
    ADD CONSTRAINT sign_in_holds_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES identity.risk_decisions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.sign_in_places
    ADD CONSTRAINT sign_in_places_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY identity.totp
    ADD CONSTRAINT totp_account_id_fkey FOREIGN KEY (account_id) REFERENCES identity.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.absences
    ADD CONSTRAINT absences_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.booking_moves
    ADD CONSTRAINT booking_moves_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_package_sale_id_fkey FOREIGN KEY (package_sale_id) REFERENCES marketplace.package_sales(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES marketplace.cancellation_policies(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_series_id_fkey FOREIGN KEY (series_id) REFERENCES marketplace.series(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.bookings
    ADD CONSTRAINT bookings_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_events
    ADD CONSTRAINT call_events_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.call_rooms(booking_id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_events
    ADD CONSTRAINT call_events_call_id_fkey FOREIGN KEY (call_id) REFERENCES marketplace.calls(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_presences
    ADD CONSTRAINT call_presences_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.call_rooms(booking_id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_presences
    ADD CONSTRAINT call_presences_call_id_fkey FOREIGN KEY (call_id) REFERENCES marketplace.calls(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_rooms
    ADD CONSTRAINT call_rooms_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_signals
    ADD CONSTRAINT call_signals_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.call_rooms(booking_id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.call_signals
    ADD CONSTRAINT call_signals_call_id_fkey FOREIGN KEY (call_id) REFERENCES marketplace.calls(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.calls
    ADD CONSTRAINT calls_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.call_rooms(booking_id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.cancellation_policies
    ADD CONSTRAINT cancellation_policies_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.chat_reads
    ADD CONSTRAINT chat_reads_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES marketplace.chats(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.chats
    ADD CONSTRAINT chats_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.claims
    ADD CONSTRAINT claims_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.client_projects
    ADD CONSTRAINT client_projects_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.external_busy
    ADD CONSTRAINT external_busy_calendar_id_fkey FOREIGN KEY (calendar_id) REFERENCES marketplace.external_calendars(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.external_calendars
    ADD CONSTRAINT external_calendars_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.hour_exceptions
    ADD CONSTRAINT hour_exceptions_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.messages
    ADD CONSTRAINT messages_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES marketplace.chats(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_credits
    ADD CONSTRAINT package_credits_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_credits
    ADD CONSTRAINT package_credits_sale_id_fkey FOREIGN KEY (sale_id) REFERENCES marketplace.package_sales(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_sale_services
    ADD CONSTRAINT package_sale_services_sale_id_fkey FOREIGN KEY (sale_id) REFERENCES marketplace.package_sales(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_sale_services
    ADD CONSTRAINT package_sale_services_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_sales
    ADD CONSTRAINT package_sales_package_id_fkey FOREIGN KEY (package_id) REFERENCES marketplace.packages(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_sales
    ADD CONSTRAINT package_sales_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_services
    ADD CONSTRAINT package_services_package_id_fkey FOREIGN KEY (package_id) REFERENCES marketplace.packages(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.package_services
    ADD CONSTRAINT package_services_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.packages
    ADD CONSTRAINT packages_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.person_blocks
    ADD CONSTRAINT person_blocks_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES marketplace.chats(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.project_bookings
    ADD CONSTRAINT project_bookings_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.project_bookings
    ADD CONSTRAINT project_bookings_project_id_fkey FOREIGN KEY (project_id) REFERENCES marketplace.client_projects(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.project_events
    ADD CONSTRAINT project_events_project_id_fkey FOREIGN KEY (project_id) REFERENCES marketplace.client_projects(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.project_milestones
    ADD CONSTRAINT project_milestones_project_id_fkey FOREIGN KEY (project_id) REFERENCES marketplace.client_projects(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.provider_applications
    ADD CONSTRAINT provider_applications_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.reminders
    ADD CONSTRAINT reminders_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.resource_shares
    ADD CONSTRAINT resource_shares_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.resource_shares
    ADD CONSTRAINT resource_shares_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES marketplace.resources(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.resources
    ADD CONSTRAINT resources_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.review_windows
    ADD CONSTRAINT review_windows_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.reviews
    ADD CONSTRAINT reviews_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.review_windows(booking_id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.reviews
    ADD CONSTRAINT reviews_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.series
    ADD CONSTRAINT series_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.series
    ADD CONSTRAINT series_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.service_resources
    ADD CONSTRAINT service_resources_resource_id_fkey FOREIGN KEY (resource_id) REFERENCES marketplace.resources(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.service_resources
    ADD CONSTRAINT service_resources_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.services
    ADD CONSTRAINT services_category_id_fkey FOREIGN KEY (category_id) REFERENCES marketplace.categories(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.services
    ADD CONSTRAINT services_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.talk_reports
    ADD CONSTRAINT talk_reports_chat_id_fkey FOREIGN KEY (chat_id) REFERENCES marketplace.chats(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.talk_reports
    ADD CONSTRAINT talk_reports_message_id_fkey FOREIGN KEY (message_id) REFERENCES marketplace.messages(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.time_changes
    ADD CONSTRAINT time_changes_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.visit_events
    ADD CONSTRAINT visit_events_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.visits
    ADD CONSTRAINT visits_booking_id_fkey FOREIGN KEY (booking_id) REFERENCES marketplace.bookings(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.waits
    ADD CONSTRAINT waits_service_id_fkey FOREIGN KEY (service_id) REFERENCES marketplace.services(id) ON DELETE RESTRICT;

ALTER TABLE ONLY marketplace.weekly_hours
    ADD CONSTRAINT weekly_hours_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES marketplace.providers(id) ON DELETE RESTRICT;

ALTER TABLE ONLY messaging.deliveries
    ADD CONSTRAINT deliveries_digest_id_fkey FOREIGN KEY (digest_id) REFERENCES messaging.deliveries(id) ON DELETE RESTRICT;

ALTER TABLE ONLY messaging.deliveries
    ADD CONSTRAINT deliveries_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES messaging.notices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY messaging.delivery_log
    ADD CONSTRAINT delivery_log_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES messaging.deliveries(id) ON DELETE RESTRICT;

ALTER TABLE ONLY messaging.suppressions
    ADD CONSTRAINT suppressions_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES messaging.deliveries(id) ON DELETE RESTRICT;

ALTER TABLE ONLY messaging.templates_in_force
    ADD CONSTRAINT templates_in_force_template_version_fkey FOREIGN KEY (template, version) REFERENCES messaging.template_versions(template, version) ON DELETE RESTRICT;

ALTER TABLE ONLY money.balance_rounds
    ADD CONSTRAINT balance_rounds_moment_id_fkey FOREIGN KEY (moment_id) REFERENCES money.moments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.balances
    ADD CONSTRAINT balances_account_id_fkey FOREIGN KEY (account_id) REFERENCES money.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.bank_results
    ADD CONSTRAINT bank_results_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES money.payouts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.captures
    ADD CONSTRAINT captures_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.conversions
    ADD CONSTRAINT conversions_rate_id_fkey FOREIGN KEY (rate_id) REFERENCES money.fx_rates(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.destination_accounts
    ADD CONSTRAINT destination_accounts_destination_id_fkey FOREIGN KEY (destination_id) REFERENCES money.destinations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.dispute_evidence
    ADD CONSTRAINT dispute_evidence_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES money.disputes(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.disputes
    ADD CONSTRAINT disputes_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.disputes
    ADD CONSTRAINT disputes_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.escrow_parts
    ADD CONSTRAINT escrow_parts_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.gateway_customers
    ADD CONSTRAINT gateway_customers_default_method_fkey FOREIGN KEY (default_method) REFERENCES money.saved_methods(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.gateway_settlements
    ADD CONSTRAINT gateway_settlements_bank_line_id_fkey FOREIGN KEY (bank_line_id) REFERENCES money.report_lines(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.gateway_settlements
    ADD CONSTRAINT gateway_settlements_line_id_fkey FOREIGN KEY (line_id) REFERENCES money.report_lines(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoice_files
    ADD CONSTRAINT invoice_files_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES money.invoices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoice_guards
    ADD CONSTRAINT invoice_guards_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES money.invoices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_deducts_fkey FOREIGN KEY (deducts) REFERENCES money.invoices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES money.invoices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_refund_id_fkey FOREIGN KEY (refund_id) REFERENCES money.refunds(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.invoices
    ADD CONSTRAINT invoices_series_fkey FOREIGN KEY (series) REFERENCES money.invoice_series(series) ON DELETE RESTRICT;

ALTER TABLE ONLY money.order_holds
    ADD CONSTRAINT order_holds_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.order_lines
    ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.pay_links
    ADD CONSTRAINT pay_links_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES money.invoices(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payment_guards
    ADD CONSTRAINT payment_guards_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payments
    ADD CONSTRAINT payments_method_id_fkey FOREIGN KEY (method_id) REFERENCES money.saved_methods(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payments
    ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payout_batch_items
    ADD CONSTRAINT payout_batch_items_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES money.payout_batches(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payout_batch_items
    ADD CONSTRAINT payout_batch_items_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES money.payouts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payout_files
    ADD CONSTRAINT payout_files_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES money.payout_batches(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.payouts
    ADD CONSTRAINT payouts_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES money.withdrawals(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.period_accounts
    ADD CONSTRAINT period_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES money.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.period_accounts
    ADD CONSTRAINT period_accounts_until_fkey FOREIGN KEY (until) REFERENCES money.closings(until) ON DELETE RESTRICT;

ALTER TABLE ONLY money.period_freezes
    ADD CONSTRAINT period_freezes_until_fkey FOREIGN KEY (until) REFERENCES money.closings(until) ON DELETE RESTRICT;

ALTER TABLE ONLY money.period_totals
    ADD CONSTRAINT period_totals_until_fkey FOREIGN KEY (until) REFERENCES money.closings(until) ON DELETE RESTRICT;

ALTER TABLE ONLY money.quarantine
    ADD CONSTRAINT quarantine_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.quarantine
    ADD CONSTRAINT quarantine_payout_id_fkey FOREIGN KEY (payout_id) REFERENCES money.payouts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reconciliation_currencies
    ADD CONSTRAINT reconciliation_currencies_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES money.reconciliations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reconciliation_exceptions
    ADD CONSTRAINT reconciliation_exceptions_line_id_fkey FOREIGN KEY (line_id) REFERENCES money.report_lines(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reconciliation_exceptions
    ADD CONSTRAINT reconciliation_exceptions_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES money.reconciliations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reconciliation_notes
    ADD CONSTRAINT reconciliation_notes_exception_id_fkey FOREIGN KEY (exception_id) REFERENCES money.reconciliation_exceptions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reconciliation_totals
    ADD CONSTRAINT reconciliation_totals_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES money.reconciliations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.refunds
    ADD CONSTRAINT refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.refunds
    ADD CONSTRAINT refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.report_links
    ADD CONSTRAINT report_links_line_id_fkey FOREIGN KEY (line_id) REFERENCES money.report_lines(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.reserves
    ADD CONSTRAINT reserves_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.risk_decisions
    ADD CONSTRAINT risk_decisions_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.risk_reviews
    ADD CONSTRAINT risk_reviews_decision_id_fkey FOREIGN KEY (decision_id) REFERENCES money.risk_decisions(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.risk_reviews
    ADD CONSTRAINT risk_reviews_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.round_accounts
    ADD CONSTRAINT round_accounts_account_id_fkey FOREIGN KEY (account_id) REFERENCES money.accounts(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.round_accounts
    ADD CONSTRAINT round_accounts_moment_id_fkey FOREIGN KEY (moment_id) REFERENCES money.balance_rounds(moment_id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.round_totals
    ADD CONSTRAINT round_totals_moment_id_fkey FOREIGN KEY (moment_id) REFERENCES money.balance_rounds(moment_id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.saved_methods
    ADD CONSTRAINT saved_methods_account_id_gateway_fkey FOREIGN KEY (account_id, gateway) REFERENCES money.gateway_customers(account_id, gateway) ON DELETE RESTRICT;

ALTER TABLE ONLY money.saved_methods
    ADD CONSTRAINT saved_methods_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.seal_checkpoints
    ADD CONSTRAINT seal_checkpoints_kid_fkey FOREIGN KEY (kid) REFERENCES money.seal_keys(kid) ON DELETE RESTRICT;

ALTER TABLE ONLY money.send_backs
    ADD CONSTRAINT send_backs_order_id_fkey FOREIGN KEY (order_id) REFERENCES money.orders(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.send_backs
    ADD CONSTRAINT send_backs_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES money.payments(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.send_backs
    ADD CONSTRAINT send_backs_quarantine_id_fkey FOREIGN KEY (quarantine_id) REFERENCES money.quarantine(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.withdrawal_events
    ADD CONSTRAINT withdrawal_events_withdrawal_id_fkey FOREIGN KEY (withdrawal_id) REFERENCES money.withdrawals(id) ON DELETE RESTRICT;

ALTER TABLE ONLY money.withdrawals
    ADD CONSTRAINT withdrawals_destination_id_fkey FOREIGN KEY (destination_id) REFERENCES money.destinations(id) ON DELETE RESTRICT;

ALTER TABLE ONLY operations.webhook_attempts
    ADD CONSTRAINT webhook_attempts_endpoint_id_event_id_fkey FOREIGN KEY (endpoint_id, event_id) REFERENCES operations.webhook_deliveries(endpoint_id, event_id) ON DELETE RESTRICT;

ALTER TABLE ONLY operations.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES operations.webhook_endpoints(id) ON DELETE RESTRICT;

ALTER TABLE ONLY operations.webhook_deliveries
    ADD CONSTRAINT webhook_deliveries_event_id_fkey FOREIGN KEY (event_id) REFERENCES operations.webhook_events(id) ON DELETE RESTRICT;

ALTER TABLE ONLY operations.webhook_events
    ADD CONSTRAINT webhook_events_object_id_fkey FOREIGN KEY (object_id) REFERENCES operations.webhook_objects(object_id) ON DELETE RESTRICT;

GRANT USAGE ON SCHEMA content TO guildhall_app;

GRANT USAGE ON SCHEMA files TO guildhall_app;

GRANT USAGE ON SCHEMA foundation TO guildhall_app;

GRANT USAGE ON SCHEMA identity TO guildhall_app;

GRANT USAGE ON SCHEMA marketplace TO guildhall_app;

GRANT USAGE ON SCHEMA messaging TO guildhall_app;

GRANT USAGE ON SCHEMA money TO guildhall_app;

GRANT USAGE ON SCHEMA operations TO guildhall_app;

REVOKE ALL ON FUNCTION money.account_of(p_kind text, p_owner uuid, p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION money.account_of(p_kind text, p_owner uuid, p_currency text) TO guildhall_app;

REVOKE ALL ON FUNCTION money.begin_epoch(p_why text) FROM PUBLIC;

REVOKE ALL ON FUNCTION money.close_period(p_until timestamp with time zone, p_by uuid, p_at timestamp with time zone, p_why text) FROM PUBLIC;
GRANT ALL ON FUNCTION money.close_period(p_until timestamp with time zone, p_by uuid, p_at timestamp with time zone, p_why text) TO guildhall_app;

REVOKE ALL ON FUNCTION money.freeze_period(p_until timestamp with time zone, p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION money.freeze_period(p_until timestamp with time zone, p_at timestamp with time zone) TO guildhall_app;

REVOKE ALL ON FUNCTION money.horizon() FROM PUBLIC;
GRANT ALL ON FUNCTION money.horizon() TO guildhall_app;

REVOKE ALL ON FUNCTION money.issue_invoice(p_id uuid, p_kind text, p_series text, p_order uuid, p_invoice uuid, p_payment uuid, p_refund uuid, p_buyer uuid, p_provider uuid, p_currency text, p_total bigint, p_tax bigint, p_deposit boolean, p_deducts uuid, p_language text, p_buyer_sealed bytea, p_content text, p_due_at timestamp with time zone, p_issued_at timestamp with time zone, p_issued_by uuid, p_link bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION money.issue_invoice(p_id uuid, p_kind text, p_series text, p_order uuid, p_invoice uuid, p_payment uuid, p_refund uuid, p_buyer uuid, p_provider uuid, p_currency text, p_total bigint, p_tax bigint, p_deposit boolean, p_deducts uuid, p_language text, p_buyer_sealed bytea, p_content text, p_due_at timestamp with time zone, p_issued_at timestamp with time zone, p_issued_by uuid, p_link bytea) TO guildhall_app;

REVOKE ALL ON FUNCTION money.lock_balance(p_kind text, p_owner uuid, p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION money.lock_balance(p_kind text, p_owner uuid, p_currency text) TO guildhall_app;

REVOKE ALL ON FUNCTION money.lock_balances(p_owner uuid, p_currency text) FROM PUBLIC;
GRANT ALL ON FUNCTION money.lock_balances(p_owner uuid, p_currency text) TO guildhall_app;

REVOKE ALL ON FUNCTION money.make_balance_round(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION money.make_balance_round(p_at timestamp with time zone) TO guildhall_app;

REVOKE ALL ON FUNCTION money.mark_moment(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION money.mark_moment(p_at timestamp with time zone) TO guildhall_app;

REVOKE ALL ON FUNCTION money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamp with time zone, p_posted_at timestamp with time zone, p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamp with time zone, p_posted_at timestamp with time zone, p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) TO guildhall_app;

REVOKE ALL ON FUNCTION operations.forget_webhooks(p_before timestamp with time zone, p_limit integer) FROM PUBLIC;
GRANT ALL ON FUNCTION operations.forget_webhooks(p_before timestamp with time zone, p_limit integer) TO guildhall_app;

REVOKE ALL ON FUNCTION operations.webhook_is_due(p_event uuid) FROM PUBLIC;

GRANT SELECT,INSERT,UPDATE ON TABLE content.documents TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE content.schedules TO guildhall_app;

GRANT SELECT,INSERT ON TABLE content.slugs TO guildhall_app;

GRANT SELECT,INSERT ON TABLE content.versions TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE files.uploads TO guildhall_app;

GRANT SELECT,INSERT ON TABLE foundation.audit TO guildhall_app;

GRANT SELECT,INSERT ON TABLE foundation.audit_seals TO guildhall_app;

GRANT SELECT,UPDATE ON TABLE foundation.clock TO guildhall_app;

GRANT SELECT ON TABLE foundation.home TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.idempotency TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.jobs TO guildhall_app;

GRANT SELECT ON TABLE foundation.migrations TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.person_keys TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.rate_hits TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.rate_windows TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE foundation.recurring TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE foundation.settings TO guildhall_app;

GRANT SELECT,INSERT ON TABLE foundation.settings_history TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE identity.account_roles TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity.accounts TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE identity.active_days TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.backup_codes TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.challenges TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.device_tokens TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.devices TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.email_changes TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.email_verifications TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity.erasures TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.exports TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity.invitations TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity.network_blocks TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.passkey_asks TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.passkeys TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE identity.password_history TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.password_resets TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.phone_sign_ins TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.phone_verifications TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.refresh_tokens TO guildhall_app;

GRANT SELECT,INSERT ON TABLE identity.risk_decisions TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE identity.role_permissions TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.roles TO guildhall_app;

GRANT SELECT,UPDATE ON TABLE identity.session_generation TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.sessions TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.sign_in_days TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE identity.sign_in_failures TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.sign_in_holds TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.sign_in_places TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE identity.signing_keys TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.sms_traffic TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE identity.totp TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.absences TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.booking_moves TO guildhall_app;

GRANT UPDATE(reason) ON TABLE marketplace.booking_moves TO guildhall_app;

GRANT UPDATE(accepted_at) ON TABLE marketplace.booking_moves TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.bookings TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.calendar_links TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.call_events TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.call_presences TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.call_rooms TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.call_signals TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.calls TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.cancellation_policies TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.categories TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.chat_reads TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.chats TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.claims TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.client_projects TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.external_busy TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.external_calendars TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.forecasts TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.hour_exceptions TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.mask_appeals TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.messages TO guildhall_app;

GRANT UPDATE(text) ON TABLE marketplace.messages TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.package_credits TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.package_sale_services TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.package_sales TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.package_services TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.packages TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.person_blocks TO guildhall_app;

GRANT UPDATE(lifted_at) ON TABLE marketplace.person_blocks TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.project_bookings TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.project_events TO guildhall_app;

GRANT UPDATE(note) ON TABLE marketplace.project_events TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.project_milestones TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.provider_applications TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.providers TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.reminders TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.resource_shares TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.resources TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.review_windows TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.reviews TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.series TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.service_resources TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.services TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(words) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(message_text) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(state) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(outcome) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(why) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(decided_by) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT UPDATE(decided_at) ON TABLE marketplace.talk_reports TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.time_changes TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.travel_times TO guildhall_app;

GRANT SELECT,INSERT ON TABLE marketplace.visit_events TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE marketplace.visits TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE marketplace.waits TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE marketplace.weekly_hours TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.bursts TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE messaging.deliveries TO guildhall_app;

GRANT SELECT,INSERT ON TABLE messaging.delivery_log TO guildhall_app;

GRANT UPDATE(reply) ON TABLE messaging.delivery_log TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE messaging.notices TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.preferences TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.push_devices TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.quiet_hours TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.recipients TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.suppressions TO guildhall_app;

GRANT SELECT,INSERT ON TABLE messaging.template_versions TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE messaging.templates_in_force TO guildhall_app;

GRANT SELECT,INSERT ON TABLE messaging.text_answers TO guildhall_app;

GRANT SELECT,INSERT,DELETE ON TABLE messaging.voices TO guildhall_app;

GRANT SELECT ON TABLE money.accounts TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.approvals TO guildhall_app;

GRANT SELECT ON TABLE money.balance_rounds TO guildhall_app;

GRANT SELECT ON TABLE money.balances TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.bank_results TO guildhall_app;

GRANT SELECT ON TABLE money.books TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.captures TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.clock_doubts TO guildhall_app;

GRANT SELECT ON TABLE money.closings TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.conversions TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.destination_accounts TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.destinations TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.dispute_evidence TO guildhall_app;

GRANT UPDATE(state) ON TABLE money.dispute_evidence TO guildhall_app;

GRANT UPDATE(checks) ON TABLE money.dispute_evidence TO guildhall_app;

GRANT UPDATE(failure_text) ON TABLE money.dispute_evidence TO guildhall_app;

GRANT UPDATE(submitted_at) ON TABLE money.dispute_evidence TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.disputes TO guildhall_app;

GRANT SELECT ON TABLE money.entries TO guildhall_app;

GRANT SELECT ON TABLE money.epochs TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.escrow_parts TO guildhall_app;

GRANT UPDATE(taken_back_at) ON TABLE money.escrow_parts TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.explain_rules TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.fee_rules TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.fx_rates TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.gateway_calls TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.gateway_customers TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.gateway_fee_rules TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.gateway_settlements TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.invoice_files TO guildhall_app;

GRANT SELECT ON TABLE money.invoice_guards TO guildhall_app;

GRANT SELECT ON TABLE money.invoice_series TO guildhall_app;

GRANT SELECT ON TABLE money.invoices TO guildhall_app;

GRANT SELECT ON TABLE money.journals TO guildhall_app;

GRANT SELECT ON SEQUENCE money.journals_id_seq TO guildhall_app;

GRANT SELECT ON TABLE money.moments TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.order_holds TO guildhall_app;

GRANT UPDATE(ended_by) ON TABLE money.order_holds TO guildhall_app;

GRANT UPDATE(ended_at) ON TABLE money.order_holds TO guildhall_app;

GRANT UPDATE(outcome) ON TABLE money.order_holds TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.order_lines TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.orders TO guildhall_app;

GRANT SELECT ON TABLE money.pay_links TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.payment_events TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.payment_guards TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.payments TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.payout_batch_items TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.payout_batches TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.payout_files TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.payouts TO guildhall_app;

GRANT SELECT ON TABLE money.period_accounts TO guildhall_app;

GRANT SELECT ON TABLE money.period_freezes TO guildhall_app;

GRANT SELECT ON TABLE money.period_totals TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.quarantine TO guildhall_app;

GRANT UPDATE(resolution) ON TABLE money.quarantine TO guildhall_app;

GRANT UPDATE(resolved_by) ON TABLE money.quarantine TO guildhall_app;

GRANT UPDATE(resolved_at) ON TABLE money.quarantine TO guildhall_app;

GRANT UPDATE(resolved_why) ON TABLE money.quarantine TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.reconciliation_currencies TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.reconciliation_exceptions TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.reconciliation_notes TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.reconciliation_totals TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.reconciliations TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.refunds TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.report_lines TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.report_links TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE money.report_staged TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.reserves TO guildhall_app;

GRANT UPDATE(released_at) ON TABLE money.reserves TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.risk_blocks TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.risk_decisions TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.risk_reviews TO guildhall_app;

GRANT SELECT ON TABLE money.round_accounts TO guildhall_app;

GRANT SELECT ON TABLE money.round_totals TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.saved_methods TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.seal_checkpoints TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.seal_chunks TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.seal_keys TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.seal_nodes TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.send_backs TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.webhooks TO guildhall_app;

GRANT SELECT,INSERT ON TABLE money.withdrawal_events TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE money.withdrawals TO guildhall_app;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE operations.saved_filters TO guildhall_app;

GRANT SELECT,INSERT ON TABLE operations.webhook_attempts TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE operations.webhook_deliveries TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE operations.webhook_endpoints TO guildhall_app;

GRANT SELECT,INSERT ON TABLE operations.webhook_events TO guildhall_app;

GRANT UPDATE(fanned_at) ON TABLE operations.webhook_events TO guildhall_app;

GRANT SELECT,INSERT,UPDATE ON TABLE operations.webhook_objects TO guildhall_app;
