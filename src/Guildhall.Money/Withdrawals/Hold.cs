namespace Guildhall.Money.Withdrawals;

/// <summary>Why an approved withdrawal is not sent.</summary>
public enum Hold { DestinationChanged, DestinationUnconfirmed, DestinationTooNew, DestinationUnfit, ProviderSuspended, ProviderOwes, OverMaximum, OverDailyLimit }

/// <summary>What the holds mean.</summary>
public static class Holds
{
    /// <summary>For the provider and for staff.</summary>
    public static string Says(Hold hold) => hold switch
    {
        Hold.DestinationChanged => "the bank details were changed after it was asked for. Staff has to reject it, so that it can be asked for again.",
        Hold.DestinationUnconfirmed => "the bank sent money back from this account. The provider has to confirm or change the bank details.",
        Hold.DestinationTooNew => "the bank details are not old enough yet.",
        Hold.DestinationUnfit => "the bank details cannot be written into the bank's file: it needs an IBAN or a bank code, and a name in Latin letters.",
        Hold.ProviderSuspended => "the account is suspended.",
        Hold.ProviderOwes => "the balance has fallen below zero. It is sent when that is made up.",
        Hold.OverMaximum => "it is above the limit of a withdrawal.",
        Hold.OverDailyLimit => "it is above what is paid within 24 hours.",
        _ => throw new ArgumentOutOfRangeException(nameof(hold)),
    };

    /// <summary>Limits are the house's own and may be waived by staff; the others end with their cause.</summary>
    public static bool MayBeWaived(Hold hold) => hold is Hold.OverMaximum or Hold.OverDailyLimit;
}
