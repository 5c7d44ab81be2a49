using Guildhall.Foundation.Data;

namespace Guildhall.Messaging.Suppressions;

/// <summary>Why nothing is sent to an address.</summary>
public enum SuppressionReason
{
    /// <summary>Mail came back for good: there is no such mailbox.</summary>
    Bounced,

    /// <summary>The mail server would not take a mail for this address, for good.</summary>
    Refused,

    /// <summary>The mail service did not try: the address is on a list of its own.</summary>
    Dropped,

    /// <summary>The person called a mail unwanted.</summary>
    Complained,

    /// <summary>The person answered STOP, or left the service's list.</summary>
    Unsubscribed,

    /// <summary>There is no such number.</summary>
    NumberInvalid,

    /// <summary>A landline, which takes no text messages.</summary>
    NotMobile,
}

/// <summary>What follows from a reason.</summary>
internal static class SuppressionReasons
{
    /// <summary>Whether it is the person's wish: then what they ask for themselves, such as a new password, is still sent. To anything else nothing arrives.</summary>
    public static bool IsWish(this SuppressionReason reason) => reason is SuppressionReason.Complained or SuppressionReason.Unsubscribed;

    /// <summary>As the delivery log says it.</summary>
    public static string InLog(this SuppressionReason reason) => Names.Of(reason).ToUpperInvariant();

    /// <summary>What a failure of a text message says about its number; null when it says nothing that lasts.</summary>
    public static SuppressionReason? OfText(string? failure) => failure switch
    {
        "RECIPIENT_OPTED_OUT" => SuppressionReason.Unsubscribed,
        "NUMBER_INVALID" => SuppressionReason.NumberInvalid,
        "NUMBER_NOT_MOBILE" => SuppressionReason.NotMobile,
        _ => null,
    };
}
