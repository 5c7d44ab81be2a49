using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Sessions;
using Guildhall.Messaging;

namespace Guildhall.Identity.Proofs;

/// <summary>What a person is told of attempts that look wrong. At most one message of each kind an hour.</summary>
internal static class SafetyNotices
{
    /// <summary>A success after so many failures is told.</summary>
    public const int ToldAfter = 3;

    /// <summary>The right password or code came after several wrong ones.</summary>
    public static Task AfterFailures(Transaction tx, IdentityParts identity, Caller caller, AccountId account) =>
        Notify.Person(tx, account.Value, "signed_in_after_failures", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device"] = Devices.Describe(caller.UserAgent), ["address"] = caller.Address?.ToString() ?? "-", ["when"] = When(tx), ["link"] = $"{identity.Options.Issuer}/account/security",
        }, uniqueKey: Hour(tx));

    /// <summary>The first factor was known, the second was not.</summary>
    public static Task SecondStepFailed(Transaction tx, IdentityOptions options, SecondStepFailed fact) =>
        Notify.Person(tx, fact.Account, "second_step_failed", new Dictionary<string, string>(StringComparer.Ordinal) { ["when"] = When(tx), ["link"] = $"{options.Issuer}/account/security" }, uniqueKey: Hour(tx));

    internal static string When(Transaction tx) => tx.Now.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    internal static string Hour(Transaction tx) => tx.Now.ToString("yyyyMMddHH", CultureInfo.InvariantCulture);
}
