using System.Globalization;

namespace Guildhall.Sandbox.PayPal;

/// <summary>An order of one purchase unit, with everything that was done with it.</summary>
internal sealed record PayPalOrder
{
    private static readonly TimeSpan Unapproved = TimeSpan.FromHours(6), Approved = TimeSpan.FromHours(3);

    public required string Id { get; init; }
    public required string Intent { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }
    public required string Value { get; init; }
    public string? CustomId { get; init; }
    public string? Description { get; init; }
    public required string ReturnUrl { get; init; }
    public required string CancelUrl { get; init; }
    public required string Base { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }

    /// <summary>How the customer's money behaves when it is taken: <c>good</c>, <c>declined</c> or <c>pending</c>.</summary>
    public string Funds { get; init; } = "good";

    public IReadOnlyList<PayPalPart> Captures { get; init; } = [];
    public IReadOnlyList<PayPalPart> Authorizations { get; init; } = [];
    public IReadOnlyList<PayPalPart> Refunds { get; init; } = [];

    public string Page => $"{Base}/checkoutnow?token={Id}";

    /// <summary>Nobody approved it, or nobody took it, in time.</summary>
    public bool HasLapsed(DateTimeOffset now) =>
        Status == "PAYER_ACTION_REQUIRED" && now > Created + Unapproved || Status == "APPROVED" && now > Updated + Approved;

    /// <summary>The order with one of its parts as it is now.</summary>
    public PayPalOrder With(PayPalPart part) => part.Kind switch
    {
        "capture" => this with { Captures = Replace(Captures, part) },
        "authorization" => this with { Authorizations = Replace(Authorizations, part) },
        _ => this with { Refunds = Replace(Refunds, part) },
    };

    public PayPalPart? Part(string id) => Captures.Concat(Authorizations).Concat(Refunds).FirstOrDefault(p => p.Id == id);

    public static decimal Number(string value) => decimal.Parse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static PayPalPart[] Replace(IReadOnlyList<PayPalPart> parts, PayPalPart part) =>
        parts.Any(p => p.Id == part.Id) ? [.. parts.Select(p => p.Id == part.Id ? part : p)] : [.. parts, part];
}

/// <summary>A capture, authorization or refund. <c>Of</c> is what it was made of.</summary>
internal sealed record PayPalPart(string Kind, string Id, string Status, string Value, string? CustomId, string? Of, DateTimeOffset Created, DateTimeOffset Updated, string? Reason = null)
{
    public decimal Amount => PayPalOrder.Number(Value);
}
