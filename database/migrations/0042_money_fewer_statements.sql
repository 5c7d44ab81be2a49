-- The same journal with fewer statements: a posting is the most frequent work there is. Sums and the order of balances are computed here; the database is asked only
-- for what it knows. Balances are changed in the order of their accounts, so that two journals of the same people wait for each other and never for both.
create or replace function money.post_journal(p_reference text, p_kind text, p_order uuid, p_effective_at timestamptz, p_posted_at timestamptz,
                                              p_kinds text[], p_owners uuid[], p_currencies text[], p_minors bigint[]) returns bigint
    language plpgsql security definer set search_path = '' as $$
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
