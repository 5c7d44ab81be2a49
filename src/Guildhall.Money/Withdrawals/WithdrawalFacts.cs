using Guildhall.Foundation;
using Guildhall.Foundation.Facts;

namespace Guildhall.Money.Withdrawals;

/// <summary>A withdrawal came into this state, for those who tell people.</summary>
public sealed record WithdrawalChanged(WithdrawalId Withdrawal, Guid Provider, Amount Amount, WithdrawalState State, string? Reason) : IFact;
