using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Objects;

/// <summary>A card. While it belongs to a customer it can be charged again.</summary>
internal sealed record PaymentMethod
{
    public required string Id { get; init; }
    public string Object { get; } = "payment_method";
    public required CardOfMethod Card { get; init; }
    public required long Created { get; init; }
    public string? Customer { get; init; }
    public bool Livemode { get; } = false;
    public string Type { get; } = "card";

    /// <summary>The card 3184: its bank always asks.</summary>
    [NotOnTheWire] public bool AlwaysAuthenticates => Card.Last4 == Always;

    public const string Never = "4242";
    public const string Always = "3184";
}

internal sealed record CardOfMethod(string Brand, string Country, long ExpMonth, long ExpYear, string Fingerprint, string Funding, string Last4);
