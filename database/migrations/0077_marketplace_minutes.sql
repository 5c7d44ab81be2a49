-- A service may be sold by the minute: its price is that of the most minutes there are, which is paid or held first; what is not used goes back.

alter table marketplace.services add column minute_minor bigint check (minute_minor > 0);
alter table marketplace.services add constraint services_by_minute check (minute_minor is null or kind = 'consultation' and price_minor = minute_minor * minutes);
alter table marketplace.bookings add column minute_minor bigint check (minute_minor > 0 and minute_minor <= price_minor);
