using Guildhall.Foundation.Data;
using Guildhall.Marketplace.Bookings;

namespace Guildhall.Marketplace.Waiting;

/// <summary>Somebody waits for a time of a service.</summary>
/// <param name="From">The first day, on the provider's calendar.</param>
/// <param name="Until">The last day; after it the waiting ends by itself.</param>
/// <param name="Told">How often a time became free and they were told.</param>
public sealed record WaitView(WaitId Id, ServiceId Service, string ServiceName, string ProviderName, DateOnly From, DateOnly Until, int Told, DateTimeOffset? ToldAt);

internal static class WaitRows
{
    public const string Select = """
        select w.id, w.service_id as service, s.name as service_name, p.display_name as provider_name, w.from_date as "from", w.until_date as until, w.told, w.told_at
        from marketplace.waits w join marketplace.services s on s.id = w.service_id join marketplace.providers p on p.id = s.provider_id
        """;

    /// <summary>Who waits for service <c>s</c> (waits <c>w</c>) when that time of those becomes free.</summary>
    public const string Concerned = """
        w.from_at < @until and w.until_at > @from and w.until_at > @now
            and (s.provider_id = any (@claimed) or exists (select 1 from marketplace.service_resources n where n.service_id = s.id and n.resource_id = any (@claimed)))
        """;

    /// <summary>The time of a booking is given up: whoever waits for it is told by a job, if it is free then.</summary>
    /// <param name="booking">With the time that it no longer has.</param>
    public static async Task Freed(Transaction tx, Booking booking)
    {
        if (booking.StartsAt <= tx.Now) return;
        if (!await tx.Get<bool>(SomebodyWaits, new { claimed = booking.Claimed, from = booking.StartsAt, until = booking.BusyUntil, now = tx.Now })) return;
        await tx.Enqueue(new OfferFreed(booking.Id, booking.Revision, booking.Claimed, booking.StartsAt, booking.BusyUntil), uniqueKey: $"{booking.Id}:{booking.Revision}");
    }

    private const string SomebodyWaits = $"select exists (select 1 from marketplace.waits w join marketplace.services s on s.id = w.service_id where {Concerned})";
}
