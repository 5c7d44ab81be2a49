using System.Net;
using Guildhall.Foundation;
using Guildhall.Money.Orders;

namespace Guildhall.Money.Gateways;

/// <summary>What a gateway is able to do. The product goes by it: what is not here is refused before any call.</summary>
public sealed record Capabilities
{
    /// <summary>Money can go back through the gateway; without it staff give it back by other means.</summary>
    public bool Refund { get; init; } = true;

    /// <summary>How long after it completed a refund may still fail; zero when its word is final.</summary>
    public TimeSpan RefundMayFailFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Less than all of a payment can go back.</summary>
    public bool PartialRefund { get; init; } = true;

    /// <summary>Money can be held first and taken later.</summary>
    public bool ManualCapture { get; init; }

    /// <summary>Less than what is held can be taken; the rest is let go.</summary>
    public bool PartialCapture { get; init; }

    /// <summary>What is held can be taken in several parts.</summary>
    public bool SeveralCaptures { get; init; }

    /// <summary>Held money can be let go.</summary>
    public bool Void { get; init; }

    /// <summary>A payment that was opened can be closed before it is paid. Without it, starting over waits until it has ended by itself.</summary>
    public bool Close { get; init; } = true;

    /// <summary>Asked to open the same payment again, it would ask the customer again. So it is asked once; of an answer that was lost we hear by its message,
    /// or never.</summary>
    public bool OpensOnce { get; init; }

    /// <summary>It keeps methods for customers and charges them again: <see cref="IGateway.Methods"/>.</summary>
    public bool SavedMethods { get; init; }

    /// <summary>The customer is asked on the phone: a number is needed to open a payment.</summary>
    public bool NeedsPhone { get; init; }

    /// <summary>What an order asks of its gateway that this one cannot do; null when it can.</summary>
    internal Refusal? Lacks(Order order) =>
        order.CaptureLater && !ManualCapture ? MoneyRefusals.CaptureLaterNotPossible : order.GivesPartsBack && !PartialRefund ? MoneyRefusals.PartsNotPossible : null;

    /// <summary>How long held money stays held; then it is let go by itself.</summary>
    public TimeSpan HoldLasts { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Codes of the currencies it takes; null for all.</summary>
    public IReadOnlySet<string>? Currencies { get; init; }

    /// <summary>Where its messages come from; null for anywhere. For gateways that sign nothing, this is all there is.</summary>
    public IReadOnlyList<IPNetwork>? Senders { get; init; }

    /// <summary>The smallest step of an amount in this currency, in minor units.</summary>
    public Func<Currency, long> Step { get; init; } = _ => 1;

    public bool Hears(IPAddress? sender) =>
        Senders is null || sender is not null && Senders.Any(s => s.Contains(sender.IsIPv4MappedToIPv6 ? sender.MapToIPv4() : sender));

    public bool Takes(Currency currency) => Currencies?.Contains(currency.Code) ?? true;
}
