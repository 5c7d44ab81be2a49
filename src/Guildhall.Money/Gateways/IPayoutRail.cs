using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Money.Payouts;

namespace Guildhall.Money.Gateways;

/// <summary>A way by which money reaches a provider. Which one carries a withdrawal is decided when it is approved.</summary>
public interface IPayoutRail
{
    /// <summary>Stable name in rows and settings, lower case.</summary>
    string Name { get; }

    /// <summary>The smallest step of an amount the rail can move, in minor units (Stripe takes KWD in tens of fils).</summary>
    long Step(Currency currency);

    /// <summary>What this rail is able to do.</summary>
    RailCapabilities Can { get; }

    /// <summary>How calls went lately.</summary>
    PartyStatus Status { get; }
}

/// <summary>A rail that is called payout by payout. No call is made inside a transaction; every call carries our own reference, by which the other
/// side deduplicates and by which the effect can be looked up; a lost answer is <see cref="GatewayAnswer{T}.Unknown"/>, never an exception.</summary>
public interface ICalledRail : IPayoutRail
{
    /// <summary>Hands the bank details over, for payouts in this currency; answers the reference of the destination there. A rail that keeps no
    /// destinations is given the details with each payout, and answers our own id.</summary>
    Task<GatewayAnswer<string>> RegisterDestination(DestinationId destination, Currency currency, BankDetails bank, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<string>>(new GatewayAnswer<string>.Accepted(destination.ToString()));

    /// <summary>Sends money to a destination, once for each <c>Payout</c> whatever is repeated. A refusal of a first request is certain; one of a
    /// repeat says nothing about what came before, and is <see cref="GatewayAnswer{T}.Unknown"/>.</summary>
    Task<GatewayAnswer<PayoutFact>> Payout(PayoutRequest request, CancellationToken stop);

    /// <summary>Looks a payout up, by our id or by the rail's own reference where one is known. Accepted with null when there surely is nothing, or when
    /// the rail answers only to a repeat of the request, which it knows as one by our id; without <c>Reference</c> when the money was moved to
    /// the destination but no payout was made of it. A rail that answers by message is asked and says that it is unknown.</summary>
    Task<GatewayAnswer<PayoutFact?>> FindPayout(PayoutSought sought, CancellationToken stop);

    /// <summary>Takes the money of a payout that did not reach the bank back from the destination's balance over there. Asked only of a rail that
    /// told a <c>TransferReference</c>: elsewhere it comes back by itself.</summary>
    Task<GatewayAnswer<string>> TakeBack(PayoutId payout, string transferReference, Amount amount, CancellationToken stop) =>
        Task.FromResult<GatewayAnswer<string>>(new GatewayAnswer<string>.Accepted(transferReference));
}

/// <summary>What a rail is able to do. <c>Batched</c>: payouts leave in a file that people build, approve and carry to the bank, and settle at the bank
/// account; otherwise each is called for and settles at the gateway.</summary>
public sealed record RailCapabilities(bool Batched)
{
    /// <summary>To which kind of destination it pays.</summary>
    public DestinationKind Pays { get; init; }

    /// <summary>The currencies it takes; null for all.</summary>
    public IReadOnlySet<string>? Currencies { get; init; }

    public bool Takes(Currency currency) => Currencies?.Contains(currency.Code) ?? true;

    /// <summary>How long after it completed a payout that was called for may still come back.</summary>
    public TimeSpan MayReturnFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long after it was sent the rail still repeats a payout or answers for it by itself, with something left over; afterwards people may say what
    /// became of it. Null when it can be looked up at any time.</summary>
    public TimeSpan? AnswersFor { get; init; }
}

/// <summary>A payout to be sent. <c>Destination</c> is the gateway's reference of the receiver and <c>Details</c> who that is; <c>Transfer</c> that of the
/// money already moved to it by an earlier try, which is not moved again. <c>Again</c>: it may have been asked for before.</summary>
public sealed record PayoutRequest(PayoutId Payout, string Destination, BankDetails Details, Amount Amount, string? Transfer = null, bool Again = false);

/// <summary>A payout to be looked up. <c>Reference</c>: the rail's name of it, null while no answer has told one; <c>SentAt</c>: when it began to be sent.</summary>
public sealed record PayoutSought(PayoutId Payout, string Destination, Amount Amount, string? Reference, DateTimeOffset SentAt);

public enum PayoutFactState { InTransit, Completed, Failed }

/// <summary>About a payout, named by our id. Failed after completed means the bank returned it. Failed with a <c>Reference</c> was the fault of the destination.
/// <c>Final</c>: nothing this rail tells is older than what it told before, so that completed after failed is a contradiction.</summary>
public sealed record PayoutFact(PayoutId Payout, PayoutFactState State, Amount Amount, string? TransferReference, string? Reference, string? Text = null, bool Final = false) : GatewayFact;
