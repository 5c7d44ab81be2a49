-- What somebody asked for can be ordered before its seller has said yes: such an order cannot be paid before that.

alter table money.orders add column awaits_approval boolean not null default false;
alter table money.orders add check (not awaits_approval or total_minor > 0);
