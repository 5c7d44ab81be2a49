using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.ClientProjects;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Visits;

namespace Guildhall.Marketplace;

/// <summary>What this module holds about a person: profile, applications, bookings on both sides, reviews, what they wrote.</summary>
internal static class MarketplacePersonalData
{
    public static PersonalData Part { get; } = new("marketplace", Read, Objection, Erase);

    private sealed record Profile(string DisplayName, string Headline, string Bio, string Kind, string Zone, string State, double? Latitude, double? Longitude, DateTimeOffset CreatedAt);
    private sealed record Application(string BusinessName, string Services, string Country, string? Phone, string About, string State, DateTimeOffset SubmittedAt, string? Reason);
    private sealed record Booked(string Id, string Role, string ServiceName, string State, DateTimeOffset StartsAt, string Zone, long PriceMinor, string Currency, string? CancelReason, string? Note);
    private sealed record Appealed(string Text, string? Words, string State, DateTimeOffset AppealedAt, string? DecidedWhy);
    private sealed record Absent(string BookingId, string ReportedBy, DateTimeOffset ReportedAt, string? Note, string? Answer, string? AnswerNote, string? Outcome);
    private sealed record Moved(string BookingId, DateTimeOffset FromAt, DateTimeOffset ToAt, DateTimeOffset MovedAt, string? Reason);
    private sealed record Bought(string Id, string Name, int Sessions, string State, DateTimeOffset SoldAt, long PriceMinor, string Currency);
    private sealed record Link(string Kind, DateTimeOffset CreatedAt);
    private sealed record Elsewhere(string Name, string Host, string State, DateTimeOffset CreatedAt);
    private sealed record Reviewed(string BookingId, string Author, int Rating, string? Text, DateTimeOffset? PublishedAt, string? Reply);
    private sealed record Called(string BookingId, string Kind, DateTimeOffset At);
    private sealed record Waited(string ServiceId, DateOnly FromDate, DateOnly UntilDate, DateTimeOffset CreatedAt);
    private sealed record Written(string ChatId, string Text, DateTimeOffset SentAt);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            profile = await database.Find<Profile>("select display_name, headline, bio, kind, zone, state, latitude, longitude, created_at from marketplace.providers where account_id = @person", new { person }, stop),
            resources = await database.List<string>(ResourcesSql, args, stop),
            applications = await database.List<Application>(ApplicationsSql, args, stop),
            bookings = await database.List<Booked>(BookingsSql, args, stop),
            mask_appeals = await database.List<Appealed>("select text, words, state, appealed_at, decided_why from marketplace.mask_appeals where author_id = @person order by id desc limit @most", args, stop),
            absences = await database.List<Absent>(AbsencesSql, args, stop),
            visits = await VisitData.Read(database, person, stop),
            moves = await database.List<Moved>(MovesSql, args, stop),
            packages = await database.List<Bought>("select id::text as id, name, sessions, state, sold_at, price_minor, currency from marketplace.package_sales where customer_id = @person order by id desc limit @most", args, stop),
            calendarLinks = await database.List<Link>("select kind, created_at from marketplace.calendar_links where account_id = @person order by id limit @most", args, stop),
            calendars = await database.List<Elsewhere>(CalendarsSql, args, stop),
            waits = await database.List<Waited>("select service_id::text as service_id, from_date, until_date, created_at from marketplace.waits where customer_id = @person order by id limit @most", args, stop),
            reviews = await database.List<Reviewed>(ReviewsSql, args, stop),
            calls = await database.List<Called>(CallsSql, args, stop),
            projects = await ProjectData.Read(database, person, stop),
            talk = await ModerationData.Read(database, person, stop),
            messages = await database.List<Written>("select chat_id::text as chat_id, text, sent_at from marketplace.messages where author_id = @person order by id desc limit @most", args, stop),
        };
    }

    private static async Task<string?> Objection(Transaction tx, Guid person) => await tx.Get<bool>(OpenSql, new { person })
        ? "A booking is still to come or not completed. Complete or cancel it first." : await ProjectData.Objection(tx, person) ?? await ModerationData.Objection(tx, person);

    // Bookings stay with what was sold and when: the other side has a right to them. Who it was, and what they wrote, goes.
    private static async Task Erase(Transaction tx, Guid person)
    {
        await tx.Change("update marketplace.services set active = false where provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("update marketplace.packages set active = false, revision = revision + 1 where active and provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("delete from marketplace.service_resources where service_id in (select s.id from marketplace.services s join marketplace.providers p on p.id = s.provider_id where p.account_id = @person)", new { person });
        await tx.Change(EraseResources, new { person, now = tx.Now });
        await tx.Change("delete from marketplace.weekly_hours where provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("delete from marketplace.hour_exceptions where provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("delete from marketplace.calendar_links where account_id = @person", new { person });
        await tx.Change("delete from marketplace.external_busy where provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("delete from marketplace.external_calendars where provider_id in (select id from marketplace.providers where account_id = @person)", new { person });
        await tx.Change("update marketplace.providers set display_name = 'Erased person', headline = '-', bio = '', latitude = null, longitude = null, state = 'suspended' where account_id = @person", new { person });
        await tx.Change(EraseApplications, new { person, now = tx.Now });
        await tx.Change(EraseReasons, new { person });
        await tx.Change("update marketplace.bookings set note = null where customer_id = @person and note is not null", new { person });
        await tx.Change("update marketplace.mask_appeals set words = null where author_id = @person and words is not null", new { person });
        await tx.Change(EraseMoveReasons, new { person });
        await VisitData.Erase(tx, person);
        await ModerationData.Erase(tx, person);
        await ProjectData.Erase(tx, person);
        await tx.Change(EraseAbsenceNotes, new { person });
        await tx.Change("delete from marketplace.waits where customer_id = @person", new { person });
        await tx.Change(EraseReviews, new { person });
        await tx.Change("update marketplace.messages set text = '-' where author_id = @person", new { person });
    }

    private const string OpenSql = """
        select exists (select 1 from marketplace.bookings where customer_id = @person and state in ('held', 'confirmed'))
            or exists (select 1 from marketplace.bookings where provider_account_id = @person and state in ('held', 'confirmed'))
        """;

    private const string ResourcesSql = """
        select r.name from marketplace.resources r join marketplace.providers p on p.id = r.provider_id where p.account_id = @person order by r.id limit @most
        """;

    // The name may be somebody's, such as a second technician's. Colleagues' services that need it go on: they claim its time, whatever it is called.
    private const string EraseResources = """
        update marketplace.resources set name = '-', removed_at = coalesce(removed_at, @now) where provider_id in (select id from marketplace.providers where account_id = @person)
        """;

    private const string ApplicationsSql = """
        select business_name, services, country, phone, about, state, submitted_at, reason from marketplace.provider_applications where account_id = @person order by id desc limit @most
        """;

    // What the other side wrote before anything was paid may hold their contact details: it is left out.
    private const string BookingsSql = """
        select id::text as id, case when customer_id = @person then 'customer' else 'provider' end as role, service_name, state, starts_at, zone, price_minor, currency,
            case when confirmed_at is not null or customer_id = @person and cancelled_by = 'customer' or provider_account_id = @person and cancelled_by = 'provider' then cancel_reason end as cancel_reason,
            case when customer_id = @person then note end as note
        from marketplace.bookings where customer_id = @person or provider_account_id = @person order by id desc limit @most
        """;

    // What the person moved and why; the moves of the other side are that side's.
    private const string MovesSql = """
        select m.booking_id::text as booking_id, m.from_at, m.to_at, m.moved_at, m.reason from marketplace.booking_moves m join marketplace.bookings b on b.id = m.booking_id
        where b.customer_id = @person and m.moved_by = 'customer' or b.provider_account_id = @person and m.moved_by = 'provider' order by m.id desc limit @most
        """;

    // Both sides read a report and its answer.
    private const string AbsencesSql = """
        select a.booking_id::text as booking_id, a.reported_by, a.reported_at, a.note, a.answer, a.answer_note, a.outcome
        from marketplace.absences a join marketplace.bookings b on b.id = a.booking_id where b.customer_id = @person or b.provider_account_id = @person order by a.id desc limit @most
        """;

    // What the person wrote, and what they may read of what was written about them: nothing that is blind to them.
    private const string ReviewsSql = """
        select r.booking_id::text as booking_id, r.author, r.rating, case when r.hidden_rule is null or (r.author = 'customer') = (b.customer_id = @person) then r.text end as text, r.published_at, r.reply
        from marketplace.reviews r join marketplace.bookings b on b.id = r.booking_id
        where (b.customer_id = @person or b.provider_account_id = @person)
            and ((r.author = 'customer') = (b.customer_id = @person) or r.published_at is not null and r.hidden_rule is distinct from 'not_genuine')
        order by r.id desc limit @most
        """;

    // The words go and the name with them; the stars stay, for they are about somebody else.
    private const string EraseReviews = """
        update marketplace.reviews r set
            author_known = (r.author = 'customer') <> (b.customer_id = @person) and r.author_known,
            text = case when (r.author = 'customer') = (b.customer_id = @person) then null else r.text end,
            reply = case when b.provider_account_id = @person then null else r.reply end
        from marketplace.bookings b where b.id = r.booking_id and (b.customer_id = @person or b.provider_account_id = @person)
        """;

    private const string EraseAbsenceNotes = """
        update marketplace.absences a set
            note = case when (a.reported_by = 'customer') = (b.customer_id = @person) then null else a.note end,
            answer_note = case when (a.reported_by = 'customer') = (b.customer_id = @person) then a.answer_note else null end
        from marketplace.bookings b where b.id = a.booking_id and (b.customer_id = @person or b.provider_account_id = @person)
        """;

    private const string EraseMoveReasons = """
        update marketplace.booking_moves m set reason = null from marketplace.bookings b where b.id = m.booking_id and m.reason is not null
            and (b.customer_id = @person and m.moved_by = 'customer' or b.provider_account_id = @person and m.moved_by = 'provider')
        """;

    private const string CallsSql = """
        select booking_id::text as booking_id, kind, at from marketplace.call_events where person_id = @person order by booking_id, seq limit @most
        """;

    private const string CalendarsSql = """
        select c.name, c.host, c.state, c.created_at from marketplace.external_calendars c join marketplace.providers p on p.id = c.provider_id where p.account_id = @person order by c.id limit @most
        """;

    private const string EraseApplications = """
        update marketplace.provider_applications set business_name = '-', services = '-', phone = null, about = '-', ended_at = coalesce(ended_at, @now),
            state = case when state = 'submitted' then 'withdrawn' else state end where account_id = @person
        """;

    private const string EraseReasons = """
        update marketplace.bookings set cancel_reason = null where cancel_reason is not null
            and (customer_id = @person and cancelled_by = 'customer' or provider_account_id = @person and cancelled_by = 'provider')
        """;
}
