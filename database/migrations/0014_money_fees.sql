-- What the platform takes of a sale, by provider, category and currency; frozen on the order when it is placed.

create table money.fee_rules (
    id              uuid primary key,
    provider_id     uuid,
    category        text check (length(category) between 1 and 60),
    currency        text check (currency ~ '^[A-Z]{3}$'),
    basis_points    int not null check (basis_points between 0 and 10000),
    fixed_minor     bigint not null check (fixed_minor >= 0),
    minimum_minor   bigint not null check (minimum_minor >= 0),
    maximum_minor   bigint check (maximum_minor >= minimum_minor),
    tax_basis_points int not null check (tax_basis_points between 0 and 10000),
    reason          text not null check (length(reason) between 1 and 500),
    made_by         uuid not null,
    made_at         timestamptz not null,
    retired_by      uuid,
    retired_at      timestamptz,
    check (num_nonnulls(provider_id, category) <= 1),
    check (currency is not null or (fixed_minor = 0 and minimum_minor = 0 and maximum_minor is null)),
    check ((retired_at is null) = (retired_by is null))
);
create unique index fee_rules_in_force on money.fee_rules (provider_id, category, currency) nulls not distinct where retired_at is null;

-- fee_rule is what was applied, for people; the two amounts decide.
alter table money.orders drop column fee_basis_points;
alter table money.orders add column fee_tax_minor bigint not null default 0 check (fee_tax_minor >= 0);
alter table money.orders add column fee_rule jsonb not null default '{"basisPoints": 0}';
alter table money.orders add check (fee_minor + fee_tax_minor <= total_minor);
alter table money.payment_guards add column fee_tax_back_minor bigint not null default 0 check (fee_tax_back_minor >= 0);
alter table money.payment_guards add check (fee_back_minor + fee_tax_back_minor <= authorized_minor);
alter table money.refunds add column fee_tax_minor bigint not null default 0 check (fee_tax_minor >= 0);
alter table money.refunds add check (fee_minor + fee_tax_minor <= minor);
