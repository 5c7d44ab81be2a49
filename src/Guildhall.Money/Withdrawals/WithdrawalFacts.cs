using Guildhall.Foundation;
using Guildhall.Foundation.Facts;

namespace Guildhall.Money.Withdrawals;

/// <summary>A withdrawal came into this state: told with it locked.</summary>
public sealed record WithdrawalChanged(WithdrawalId Withdrawal, Guid Provider, Amount Amount, WithdrawalState State, string? Reason) : IFact;

/// <summary>An approved withdrawal is not sent, and why; or, without a cause, may go after all. Told with it locked.</summary>
public sealed record WithdrawalHeld(WithdrawalId Withdrawal, Guid Provider, Amount Amount, Hold? Why) : IFact;
