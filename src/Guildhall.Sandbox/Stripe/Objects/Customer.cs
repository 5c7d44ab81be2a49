namespace Guildhall.Sandbox.Stripe.Objects;

internal sealed record Customer
{
    public required string Id { get; init; }
    public string Object { get; } = "customer";
    public required long Created { get; init; }
    public string? Email { get; init; }
    public bool Livemode { get; } = false;
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public string? Name { get; init; }
}
