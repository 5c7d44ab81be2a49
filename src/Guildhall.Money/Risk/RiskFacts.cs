using Guildhall.Foundation.Facts;

namespace Guildhall.Money.Risk;

public enum RiskReviewState { Waiting, Approved, Rejected }

/// <summary>An order has to wait for a person before it can be paid, may be paid after all, or may not: told with the order locked. Until <c>PayUntil</c> it stays open.</summary>
public sealed record OrderReviewed(OrderId Order, string Purpose, Guid Subject, Guid Customer, RiskReviewState State, DateTimeOffset PayUntil, string? Reason) : IFact;
