namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Account
{
    public required string Id { get; init; }
    public string Object { get; } = "account";
    public IReadOnlyDictionary<string, string> Capabilities { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["transfers"] = "active" };
    public bool ChargesEnabled { get; } = true;
    public string Country { get; init; } = "US";
    public required long Created { get; init; }
    public string DefaultCurrency { get; init; } = "usd";
    public bool DetailsSubmitted { get; } = true;
    public string? Email { get; init; }
    public ExternalAccounts ExternalAccounts { get; init; } = new([]);
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public bool PayoutsEnabled { get; } = true;
    public AccountRequirements Requirements { get; init; } = new([], [], null);
    public string Type { get; init; } = "express";
}

internal sealed record AccountRequirements(string[] CurrentlyDue, string[] EventuallyDue, string? DisabledReason);

internal sealed record ExternalAccounts(BankAccount[] Data)
{
    public string Object { get; } = "list";
    public bool HasMore { get; }
}

/// <summary>As Stripe shows it: of the number only the end, and a fingerprint.</summary>
internal sealed record BankAccount
{
    public required string Id { get; init; }
    public string Object { get; } = "bank_account";
    public required string Account { get; init; }
    public required string AccountHolderName { get; init; }
    public required string Country { get; init; }
    public required string Currency { get; init; }
    public required string Fingerprint { get; init; }
    public required string Last4 { get; init; }
    public string? RoutingNumber { get; init; }
    public string Status { get; } = "new";
}
