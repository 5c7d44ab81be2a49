namespace Guildhall.Marketplace;

/// <summary>What the deployment says about the marketplace.</summary>
/// <param name="Url">Where people reach the product: links in calendars lead there.</param>
public sealed record MarketplaceOptions(Uri Url)
{
    /// <summary>Who passes calls on where browsers do not reach each other.</summary>
    public Calls.TurnOptions Turn { get; init; } = Calls.TurnOptions.None;

    /// <summary>How long a calendar elsewhere has for its whole answer.</summary>
    public TimeSpan CalendarTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
