-- What the console of the staff reads by: beginnings of numbers, addresses and titles for its search, days for its charts.
create index invoices_by_number on money.invoices (number text_pattern_ops);
create index slugs_by_text on content.slugs (slug text_pattern_ops);
create index versions_by_title_en on content.versions (lower(texts -> 'en' ->> 'title') text_pattern_ops);
create index versions_by_title_ar on content.versions (lower(texts -> 'ar' ->> 'title') text_pattern_ops);
create index bookings_made on marketplace.bookings using brin (created_at);
create index absences_settled on marketplace.absences (ended_at) where state = 'settled';
