-- What of an order a refund gives back (a session of a package, what is unused of one), as whoever asked for it names it: told with the refund, and with its failure.
alter table money.refunds add column part_id uuid;
