-- The catalogue: categories, names in Arabic, places, and a text search that reads Arabic as people type it.

create table marketplace.categories (
    id       text primary key check (id ~ '^[a-z][a-z0-9-]{1,39}$'),
    name_en  text not null check (length(name_en) between 1 and 60),
    name_ar  text not null check (length(name_ar) between 1 and 60),
    position int not null check (position between 0 and 9999),
    active   boolean not null default true
);
insert into marketplace.categories (id, name_en, name_ar, position) values
    ('law', 'Law', 'قانون', 10), ('money', 'Tax and money', 'ضرائب ومال', 20), ('health', 'Health and well-being', 'صحة وعافية', 30),
    ('cooling', 'Cooling and heating', 'تكييف وتدفئة', 40), ('plumbing', 'Water and pipes', 'سباكة', 50), ('electrics', 'Electrics', 'كهرباء', 60),
    ('computers', 'Computers and networks', 'حواسيب وشبكات', 70), ('other', 'Everything else', 'أخرى', 900);

-- Text as it is looked for: small letters; alef, ta marbuta, alef maqsura and hamza forms alike; no tatweel, no harakat, no article; digits of one kind; no punctuation.
-- Both what is stored and what is asked go through this one function.
create function marketplace.plain(said text) returns text language sql immutable strict parallel safe as $$
    select replace(' ' || translate(translate(lower(said),
        'أإآٱةىؤئیکھ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹áàâäãåéèêëíìîïóòôöõúùûüçñـًٌٍَُِّْٰٕٓٔ',
        'ااااهيوييكه01234567890123456789aaaaaaeeeeiiiiooooouuuucn'),
        '-_/.,;:!?()[]{}<>"''@#&+*=|\~^%$`،؛؟«»“”‘’…–—', repeat(' ', 44)), ' ال', ' ')
$$;

alter table marketplace.services
    add column name_ar text check (length(name_ar) between 1 and 120),
    add column category_id text references marketplace.categories (id) on delete restrict,
    add column revision int not null default 1 check (revision > 0),
    add column words tsvector;

-- Where a provider starts from, for distances; never shown.
alter table marketplace.providers
    add column latitude double precision check (latitude between -90 and 90),
    add column longitude double precision check (longitude between -180 and 180),
    add constraint providers_place check ((latitude is null) = (longitude is null));

create function marketplace.set_service_words() returns trigger language plpgsql as $$
begin
    new.words := to_tsvector('simple', marketplace.plain(concat_ws(' ', new.name, new.name_ar, new.description,
        (select p.display_name || ' ' || p.headline from marketplace.providers p where p.id = new.provider_id))));
    return new;
end
$$;
create trigger services_words before insert or update of name, name_ar, description on marketplace.services for each row execute function marketplace.set_service_words();

create function marketplace.set_words_of_provider() returns trigger language plpgsql as $$
begin
    update marketplace.services set description = description where provider_id = new.id;
    return null;
end
$$;
create trigger providers_words after update of display_name, headline on marketplace.providers for each row
    when (old.display_name is distinct from new.display_name or old.headline is distinct from new.headline) execute function marketplace.set_words_of_provider();

update marketplace.services set description = description;
alter table marketplace.services alter column words set not null;

create index services_words on marketplace.services using gin (words) where active;
create index services_category on marketplace.services (category_id, id) where active;
create index services_price on marketplace.services (currency, price_minor, id) where active;
create index providers_place on marketplace.providers (latitude, longitude) where latitude is not null;
