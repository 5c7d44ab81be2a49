using Guildhall.Sandbox.State;

namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>One authenticated call, as its handler sees it.
/// <c>Account</c> is the connected account acted for; empty is the platform.</summary>
internal sealed record StripeCall(
    World World, Form Form, RouteValueDictionary Route, string Account, string RequestId, string? IdempotencyKey)
{
    /// <summary>The sandbox's own address as the caller reached it, for links in answers.</summary>
    public required string BaseAddress { get; init; }

    public string Id => (string)Route["id"]!;
}

/// <summary>Runs under the world's lock: decides first and writes after, so that a refusal leaves nothing behind.</summary>
internal delegate object StripeHandler(StripeCall call);
