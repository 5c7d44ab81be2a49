namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record BalanceTransaction
{
    public required string Id { get; init; }
    public string Object { get; } = "balance_transaction";
    public required long Amount { get; init; }
    public required long AvailableOn { get; init; }
    public required long Created { get; init; }
    public required string Currency { get; init; }
    public string? Description { get; init; }
    public decimal? ExchangeRate { get; }
    public long Fee { get; init; }
    public FeeDetail[] FeeDetails { get; init; } = [];
    public required long Net { get; init; }
    public required string ReportingCategory { get; init; }
    public required string Source { get; init; }
    public string Status { get; } = "available";
    public required string Type { get; init; }
}

internal sealed record FeeDetail(long Amount, string Currency, string Description)
{
    public string? Application { get; }
    public string Type { get; } = "stripe_fee";
}
