using Guildhall.Foundation;

namespace Guildhall.Identity.Accounts;

/// <summary>How often a link and a code that confirm an address are mailed to it, known or not and whoever asks, so that the codes of one address cannot be tried for long.</summary>
internal static class ConfirmationMails
{
    /// <summary>Messages to one address an hour.</summary>
    public const int PerHour = 5;

    /// <summary>Counts one message to the address; the refusal when it was one too many.</summary>
    public static async Task<Refusal?> TooMany(IdentityParts identity, string emailKey, CancellationToken stop)
    {
        var address = Convert.ToHexStringLower(identity.Marks.Account(emailKey));
        if (await identity.Limits.Hit("confirmation-mail:" + address, PerHour, 3600, stop) is { } wait) return FoundationRefusals.RateLimited with { RetryAfterSeconds = wait };
        return await identity.Quotas.Take(IdentityLimits.ConfirmationsByMail, address, stop);
    }
}
