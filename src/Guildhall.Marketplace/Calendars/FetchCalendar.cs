using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Availability;
using NodaTime;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Looks at one calendar elsewhere. What was read replaces the copy; what could not be read leaves the last good copy in use. Safe to repeat.</summary>
internal sealed record FetchCalendar(ExternalCalendarId Calendar) : IJob
{
    // Longer than any horizon and the oldest copy that counts.
    private static readonly Duration Ahead = Duration.FromDays(400);

    public static string Kind => "fetch_calendar";

    private sealed record Due(byte[] Address, ProviderId ProviderId, string Zone);

    public static async Task Run(JobContext job, FetchCalendar work)
    {
        if (await job.Database.Find<Due>(Read, new { id = work.Calendar }, job.Stop) is not { } due) return; // removed meanwhile
        var now = job.Database.Clock.GetUtcNow();
        var answer = await job.Get<CalendarDoor>().Get(ExternalCalendars.Open(job.Get<MasterKey>(), work.Calendar, due.Address), job.Stop);
        var (failure, busy) = (answer.Failure, (IReadOnlyList<(Instant From, Instant Until)>)[]);
        if (answer.Text is { } text)
        {
            var from = Instant.FromDateTimeOffset(now) - Duration.FromDays(1);
            try { busy = BusyTimes.Read(text, Zones.Get(due.Zone), from, from + Ahead); }
            catch (NotReadableException) { failure = CalendarFailure.NotReadable; }
        }
        await job.Database.InTransaction(tx => Keep(tx, work.Calendar, due.ProviderId, failure, busy, now), job.Stop);
    }

    private static async Task Keep(Transaction tx, ExternalCalendarId id, ProviderId provider, CalendarFailure? failure, IReadOnlyList<(Instant From, Instant Until)> busy, DateTimeOffset readAt)
    {
        if (await tx.Find<ExternalCalendarId?>("select id from marketplace.external_calendars where id = @id for update", new { id }) is null) return;
        var next = tx.Now.AddMinutes(await tx.Setting(MarketplaceSettings.CalendarEveryMinutes));
        if (failure is not null)
        {
            await tx.ChangeOne(MarkFailing, new { id, failure, next, now = tx.Now });
            return;
        }
        await tx.Change("delete from marketplace.external_busy where calendar_id = @id", new { id });
        await tx.Change(AddBusy, new { id, provider, from = busy.Select(t => t.From.ToDateTimeOffset()).ToArray(), until = busy.Select(t => t.Until.ToDateTimeOffset()).ToArray() });
        await tx.ChangeOne(MarkReadable, new { id, readAt, next, now = tx.Now });
    }

    private const string Read = """
        select c.address, c.provider_id, p.zone from marketplace.external_calendars c join marketplace.providers p on p.id = c.provider_id where c.id = @id
        """;

    private const string AddBusy = """
        insert into marketplace.external_busy (calendar_id, provider_id, during) select @id, @provider, tstzrange(b.f, b.u, '[)') from unnest(@from, @until) as b(f, u)
        """;

    private const string MarkReadable = """
        update marketplace.external_calendars set state = 'readable', failure = null, failures = 0, checked_at = @now, read_at = @readAt, next_at = @next where id = @id
        """;

    private const string MarkFailing = """
        update marketplace.external_calendars set state = 'failing', failure = @failure, failures = failures + 1, checked_at = @now, next_at = @next where id = @id
        """;
}

/// <summary>Asks for the calendars whose turn it is.</summary>
internal sealed record FetchCalendars : IJob
{
    private const int BatchSize = 500;

    public static string Kind => "fetch_calendars";

    public static async Task Run(Transaction tx, FetchCalendars _)
    {
        foreach (var id in await tx.List<ExternalCalendarId>("select id from marketplace.external_calendars where next_at <= @now order by next_at limit @limit", new { now = tx.Now, limit = BatchSize }))
            await tx.Enqueue(new FetchCalendar(id), uniqueKey: id.ToString());
    }
}
