using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;

namespace Guildhall.Marketplace.Calendars;

/// <summary>waiting → readable or failing, and between these two at every look.</summary>
public enum CalendarState { Waiting, Readable, Failing }

/// <summary>Why the last look brought nothing. <c>Unreachable</c> says no more than that: what lies behind an address is nobody's business.</summary>
public enum CalendarFailure { Unreachable, AnsweredNo, TooLarge, NotReadable }

/// <summary>A provider's calendar elsewhere, as its provider sees it.</summary>
/// <param name="Host">Of its address; the rest is a secret.</param>
/// <param name="ReadAt">When the copy in use was read.</param>
/// <param name="StopsAt">When the copy is too old and the provider's time is no longer offered; in the past or null when it is not offered now.</param>
public sealed record ExternalCalendarView(ExternalCalendarId Id, string Name, string Host, CalendarState State, CalendarFailure? Failure, DateTimeOffset? CheckedAt,
    DateTimeOffset? ReadAt, DateTimeOffset? StopsAt, bool Withholds);

internal sealed record ExternalCalendar(ExternalCalendarId Id, ProviderId ProviderId, string Name, string Host, CalendarState State, CalendarFailure? Failure, DateTimeOffset? CheckedAt, DateTimeOffset? ReadAt)
{
    public ExternalCalendarView ToView(DateTimeOffset now, TimeSpan ageLimit) =>
        new(Id, Name, Host, State, Failure, CheckedAt, ReadAt, ReadAt + ageLimit, ReadAt is not { } read || read + ageLimit <= now);
}

internal static class ExternalCalendars
{
    public const string Columns = "c.id, c.provider_id, c.name, c.host, c.state, c.failure, c.checked_at, c.read_at";
    private const string Purpose = "external-calendar";

    public static byte[] Seal(MasterKey key, ExternalCalendarId id, string address) => key.Seal(Purpose, id.ToString(), Encoding.UTF8.GetBytes(address));

    public static string Open(MasterKey key, ExternalCalendarId id, byte[] address) => Encoding.UTF8.GetString(key.Open(Purpose, id.ToString(), address));

    public static Task<IReadOnlyList<ExternalCalendar>> Of(Database database, ProviderId provider, CancellationToken stop) =>
        database.List<ExternalCalendar>($"select {Columns} from marketplace.external_calendars c where c.provider_id = @provider order by c.id limit 100", new { provider }, stop);

    private sealed record Copies(long Count, DateTimeOffset? Oldest);

    /// <summary>Whether a copy is missing or too old. Then nothing of the provider is offered: no answer does not mean that somebody is free.</summary>
    public static async Task<bool> Withhold(Database database, ProviderId provider, CancellationToken stop)
    {
        var copies = (await database.Find<Copies>(SelectCopies, new { provider }, stop))!;
        return copies.Count > 0 && IsTooOld(copies, database.Clock.GetUtcNow(), await database.Setting(MarketplaceSettings.CalendarAgeHours, stop));
    }

    /// <inheritdoc cref="Withhold(Database, ProviderId, CancellationToken)"/>
    public static async Task<bool> Withhold(Transaction tx, ProviderId provider)
    {
        var copies = await tx.Get<Copies>(SelectCopies, new { provider });
        return copies.Count > 0 && IsTooOld(copies, tx.Now, await tx.Setting(MarketplaceSettings.CalendarAgeHours));
    }

    // A limit of hours is a limit for the moment it runs out, too.
    private static bool IsTooOld(Copies copies, DateTimeOffset now, int ageHours) => copies.Oldest!.Value.AddHours(ageHours) <= now;

    private const string SelectCopies = """
        select count(*) as count, min(coalesce(read_at, timestamptz '1970-01-01 00:00:00+00')) as oldest from marketplace.external_calendars where provider_id = @provider
        """;
}
