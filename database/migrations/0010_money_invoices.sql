-- Invoices, credit notes and receipts: gapless numbers, immutable content, stored files, links to pay by.

-- One row a series. Only money.issue_invoice moves it, in the statement that inserts the document: what is rolled back takes no number.
create table money.invoice_series (
    series  text primary key check (series ~ '^[A-Z0-9][A-Z0-9/-]{0,18}$'),
    last_no bigint not null check (last_no >= 0)
) with (fillfactor = 50);

create table money.invoices (
    id           uuid primary key,
    kind         text not null check (kind in ('invoice', 'credit_note', 'receipt')),
    series       text not null references money.invoice_series (series) on delete restrict,
    no           bigint not null check (no > 0),
    number       text not null unique,
    order_id     uuid not null references money.orders (id) on delete restrict,
    invoice_id   uuid references money.invoices (id) on delete restrict, -- what a credit note or receipt is of, what a corrected invoice replaces
    payment_id   uuid references money.payments (id) on delete restrict,
    refund_id    uuid references money.refunds (id) on delete restrict,
    buyer_id     uuid not null,
    provider_id  uuid not null,
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    total_minor  bigint not null check (total_minor >= 0),
    tax_minor    bigint not null check (abs(tax_minor) <= total_minor),
    deposit      boolean not null default false,
    deducts      uuid references money.invoices (id) on delete restrict, -- the deposit this final invoice takes off
    language     text not null check (language in ('en', 'ar')),
    buyer_sealed bytea not null, -- with the buyer's key: erasing the key erases it, and the file
    content      text not null,  -- JSON: seller, lines, tax lines, reason
    content_sha256 bytea not null check (content_sha256 = sha256(convert_to(content, 'UTF8'))),
    due_at       timestamptz,
    issued_at    timestamptz not null,
    issued_by    uuid,
    unique (series, no),
    check (kind <> 'credit_note' or invoice_id is not null),
    check (kind <> 'receipt' or num_nonnulls(payment_id, refund_id) = 1)
);
create unique index invoices_one_credit_note_a_refund on money.invoices (refund_id) where kind = 'credit_note' and refund_id is not null;
create unique index invoices_one_receipt_a_refund on money.invoices (refund_id) where kind = 'receipt' and refund_id is not null;
create unique index invoices_one_receipt_a_payment on money.invoices (payment_id) where kind = 'receipt' and payment_id is not null;
create unique index invoices_deposit_deducted_once on money.invoices (deducts) where deducts is not null;
create index invoices_order on money.invoices (order_id, id);
create index invoices_buyer on money.invoices (buyer_id, id);
create index invoices_provider on money.invoices (provider_id, id);
create index invoices_of on money.invoices (invoice_id) where invoice_id is not null;
create index invoices_kind on money.invoices (kind, id);

-- What credit notes have taken back of an invoice; an order has one invoice that is not wholly taken back.
create table money.invoice_guards (
    invoice_id     uuid primary key references money.invoices (id) on delete restrict,
    order_id       uuid not null,
    total_minor    bigint not null check (total_minor >= 0),
    credited_minor bigint not null default 0 check (credited_minor between 0 and total_minor),
    voided         boolean not null default false check (not voided or credited_minor = total_minor)
) with (fillfactor = 80);
create unique index invoice_guards_one_live on money.invoice_guards (order_id) where not voided;

-- The file as it was first made, sealed with the buyer's key. Never replaced; the hash of the plain file outlives the key.
create table money.invoice_files (
    invoice_id uuid primary key references money.invoices (id) on delete restrict,
    sealed     bytea not null,
    sha256     bytea not null check (length(sha256) = 32),
    bytes      int not null check (bytes > 0),
    made_at    timestamptz not null
);

-- The hash of the token of a link by which an invoice can be paid without signing in.
create table money.pay_links (
    token_sha256 bytea primary key check (length(token_sha256) = 32),
    invoice_id   uuid not null unique references money.invoices (id) on delete restrict,
    made_at      timestamptz not null
);

-- Takes the next number of the series and inserts the document, a credit note under the guard of its invoice: the last statement of a short
-- transaction. Answers the number.
create function money.issue_invoice(p_id uuid, p_kind text, p_series text, p_order uuid, p_invoice uuid, p_payment uuid, p_refund uuid, p_buyer uuid, p_provider uuid,
                                    p_currency text, p_total bigint, p_tax bigint, p_deposit boolean, p_deducts uuid, p_language text, p_buyer_sealed bytea, p_content text,
                                    p_due_at timestamptz, p_issued_at timestamptz, p_issued_by uuid, p_link bytea) returns text
    language plpgsql security definer set search_path = '' as $$
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
