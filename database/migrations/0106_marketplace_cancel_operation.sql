-- Which request ended a booking: the same one, asked again after its answer was lost, finds that it was done.
alter table marketplace.bookings add column cancel_operation uuid;
