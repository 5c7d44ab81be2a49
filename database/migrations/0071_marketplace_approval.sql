-- A service may ask for its provider's yes before money is taken. The request is a hold until its deadline, and its order cannot be paid before the yes.

alter table marketplace.services add column asks_approval boolean not null default false;
alter table marketplace.bookings add column approval text check (approval in ('asked', 'given'));
