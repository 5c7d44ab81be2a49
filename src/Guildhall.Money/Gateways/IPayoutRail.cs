using Guildhall.Foundation;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Gateways;

/// <summary>A way by which money reaches a provider's bank. Which one carries a withdrawal is decided when it is approved.</summary>
public interface IPayoutRail
{
    /// <summary>Stable name in rows and settings, lower case.</summary>
    string Name { get; }

    /// <summary>The smallest step of an amount the rail can move, in minor units (Stripe takes KWD in tens of fils).</summary>
    long Step(Currency currency);

    /// <summary>What this rail is able to do.</summary>
    RailCapabilities Can { get; }

    /// <summary>How calls went lately.</summary>
    GatewayStatus Status { get; }
}

/// <summary>A rail that is called payout by payout. No call is made inside a transaction; every call carries our own reference, by which the other
/// side deduplicates and by which the effect can be looked up; a lost answer is <see cref="GatewayAnswer{T}.Unknown"/>, never an exception.</summary>
public interface ICalledRail : IPayoutRail
{
    /// <summary>Hands the bank details over, for payouts in this currency; answers the reference of the destination there.</summary>
    Task<GatewayAnswer<string>> RegisterDestination(DestinationId destination, Currency currency, BankDetails bank, CancellationToken stop);

    /// <summary>Sends money to a destination.</summary>
    Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop);

    /// <summary>Looks a payout up by our reference; accepted with null when there surely is nothing, and without <c>Reference</c> when the
    /// money was moved to the destination but no payout was made of it.</summary>
    Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutId payout, string destination, CancellationToken stop);

    /// <summary>Takes the money of a payout that did not reach the bank back from the destination's balance over there.</summary>
    Task<GatewayAnswer<string>> TakeBack(PayoutId payout, string transferReference, Amount amount, CancellationToken stop);
}

/// <summary>What a rail is able to do. <c>Batched</c>: payouts leave in a file that people build, approve and carry to the bank, and settle at the bank
/// account; otherwise each is called for and settles at the gateway.</summary>
public sealed record RailCapabilities(bool Batched)
{
    /// <summary>How long after it completed a payout that was called for may still come back.</summary>
    public TimeSpan MayReturnFor { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>A payout to be sent. <c>Destination</c> is the gateway's reference of the receiver; <c>Transfer</c> that of the money already moved to it
/// by an earlier try, which is not moved again.</summary>
public sealed record PayoutRequest(PayoutId Payout, string Destination, Amount Amount, string? Transfer = null);

public enum PayoutFactState { InTransit, Completed, Failed }

/// <summary>About a payout, named by our id. Failed after completed means the bank returned it.</summary>
public sealed record PayoutFact(PayoutId Payout, PayoutFactState State, Amount Amount, string? TransferReference, string? Reference, string? Text = null) : GatewayFact;
