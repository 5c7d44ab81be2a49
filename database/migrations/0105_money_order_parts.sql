-- Of what was paid a part may go back by its terms (minutes that were not used, sessions of a package): only a gateway that refunds parts may take it.
alter table money.orders add column gives_parts_back boolean not null default false;
