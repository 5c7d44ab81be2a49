using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Settings;

namespace Guildhall.Marketplace.Bookings;

/// <summary>What keeps one customer from sitting on everybody's time: so many unpaid slots at once, fewer of one provider, and holds that get shorter the more of them
/// lapsed within a day, until the customer has to wait. The customer's own advisory lock is held, so two holds at once count each other.</summary>
internal static class HoldLimits
{
    private const int LapsesPerHalving = 3, LeastMinutes = 3;

    private sealed record Counts(long Open, long OpenOfOne, long OpenSeries, long Lapsed, DateTimeOffset? FirstLapsed);

    /// <summary>How long the slot is held, or why it is not.</summary>
    /// <param name="series">The slot is the first of a series: another one whose first is not paid must not be open.</param>
    public static async Task<Result<TimeSpan>> Ask(Transaction tx, Guid customer, ProviderId provider, bool series = false)
    {
        var day = TimeSpan.FromDays(1);
        var counts = await tx.Get<Counts>(Count, new { customer, provider, now = tx.Now, since = tx.Now - day });
        var (atMost, ofOne, lapses) = (await tx.Setting(MarketplaceSettings.MaxOpenHolds), await tx.Setting(MarketplaceSettings.MaxOpenHoldsOfOne), await tx.Setting(MarketplaceSettings.MaxLapsedHolds));
        if (counts.Open >= atMost) return MarketplaceRefusals.TooManyHolds.With(("atMost", atMost));
        if (counts.OpenOfOne >= ofOne) return MarketplaceRefusals.TooManyHoldsOfOne.With(("atMost", ofOne));
        if (series && counts.OpenSeries > 0) return MarketplaceRefusals.SeriesUnpaid;
        if (counts.Lapsed >= lapses) return MarketplaceRefusals.TooManyLapsedHolds.With(("atMost", lapses), ("again", counts.FirstLapsed!.Value + day));
        var minutes = await tx.Setting(MarketplaceSettings.HoldMinutes);
        return TimeSpan.FromMinutes(Math.Max(Math.Min(LeastMinutes, minutes), minutes >> (int)(counts.Lapsed / LapsesPerHalving)));
    }

    // Held and never paid, whether it ran out or was let go: both kept the time from others. A request that its provider did not say yes to is no fault of the customer.
    private const string Count = $"""
        select count(*) filter (where state = 'held' and hold_until > @now and {First}) as open,
            count(*) filter (where state = 'held' and hold_until > @now and provider_id = @provider and {First}) as open_of_one,
            count(*) filter (where state = 'held' and hold_until > @now and series_no = 1) as open_series,
            count(*) filter (where confirmed_at is null and created_at > @since and (state in ('expired', 'cancelled') or state = 'held' and hold_until <= @now) and {Theirs} and {First}) as lapsed,
            min(created_at) filter (where confirmed_at is null and created_at > @since and (state in ('expired', 'cancelled') or state = 'held' and hold_until <= @now) and {Theirs} and {First}) as first_lapsed
        from marketplace.bookings where customer_id = @customer and (created_at > @since or state = 'held')
        """;

    // Those that follow in a series stand and fall with the ones before them.
    private const string First = "(series_no is null or series_no = 1)";

    private const string Theirs = "(approval is distinct from 'asked' or cancelled_by = 'customer')";
}
