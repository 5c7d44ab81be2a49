using Guildhall.Marketplace.Availability;
using Guildhall.Money;
using NodaTime;
using NodaTime.Text;

namespace Guildhall.Marketplace.Bookings;

/// <summary>When a booking begins, and what its zone's clock was promised to show then.</summary>
internal sealed record PromisedTime(BookingId Id, OrderId OrderId, DateTimeOffset StartsAt, string Zone, string WallTime)
{
    private NodaTime.TimeZones.ZoneLocalMapping Mapping => Zones.Get(Zone).MapLocal(LocalDateTimePattern.ExtendedIso.Parse(WallTime).Value);

    /// <summary>The instant at which the clock shows the promised time by the rules of today; null while it is the present one, either pass of a repeated hour, and when
    /// the clocks skip the time.</summary>
    public DateTimeOffset? Due => Mapping is { Count: > 0 } mapping && mapping.First().ToInstant() is var first && first != At && mapping.Last().ToInstant() != At ? first.ToDateTimeOffset() : null;

    /// <summary>Whether the clocks skip the promised time now.</summary>
    public bool IsSkipped => Mapping.Count == 0;

    /// <summary>Of a time that is skipped: when the clocks go on.</summary>
    public DateTimeOffset AfterTheGap => Mapping.LateInterval.Start.ToDateTimeOffset();

    private Instant At => Instant.FromDateTimeOffset(StartsAt);
}
