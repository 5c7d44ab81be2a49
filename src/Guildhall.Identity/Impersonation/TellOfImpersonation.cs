using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Settings;
using Guildhall.Messaging;

namespace Guildhall.Identity.Impersonation;

/// <summary>Tells a person afterwards that staff looked at the product as them: when a look was stopped, or had its time.</summary>
internal sealed record TellOfImpersonation(SessionId Session) : IJob
{
    public static string Kind => "tell_of_impersonation";

    private sealed record Look(AccountId AccountId, DateTimeOffset CreatedAt, DateTimeOffset Until, string Zone);

    public static async Task Run(Transaction tx, TellOfImpersonation job)
    {
        if (!await tx.Setting(ImpersonationSettings.TellThePerson)) return;
        if (await tx.Find<Look>(Read, new { job.Session }) is not { } look) return;
        await Notify.Person(tx, look.AccountId.Value, "looked_at", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["when"] = Say.When(look.CreatedAt, look.Zone), ["minutes"] = Math.Max(1, (int)Math.Ceiling((look.Until - look.CreatedAt).TotalMinutes)).ToString(CultureInfo.InvariantCulture), ["link"] = "/account",
        }, uniqueKey: job.Session.ToString());
    }

    private const string Read = """
        select s.account_id, s.created_at, least(coalesce(s.ended_at, s.expires_at), s.expires_at) as until, a.zone
        from identity.sessions s join identity.accounts a on a.id = s.account_id where s.id = @Session and s.impersonator_id is not null and a.state <> 'erased'
        """;
}
