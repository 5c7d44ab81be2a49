using System.Text.Json;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Risk;

/// <summary>A sign-in as it was judged.</summary>
public sealed record SignInDecisionView(SignInDecisionId Id, AccountId Account, DateTimeOffset At, ProofMethod Method, SignInOutcome Outcome, int Score, IReadOnlyList<SignInReason> Reasons);

/// <summary>Judged sign-ins, newest first, by pages; of one account, of one outcome, for one reason.</summary>
public static class ListSignIns
{
    public const int MaxPage = 100;

    /// <param name="Next">Pass it as <c>after</c> for the next page; null on the last.</param>
    public sealed record Page(IReadOnlyList<SignInDecisionView> Items, SignInDecisionId? Next);

    private sealed record Row(SignInDecisionId Id, AccountId AccountId, DateTimeOffset At, ProofMethod Method, SignInOutcome Outcome, int Score, string Reasons);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/risk/sign-ins", async (Database database, CancellationToken stop, AccountId? account = null, string? outcome = null, string? reason = null, SignInDecisionId? after = null, int limit = 50) =>
            TryOutcome(outcome, out var wanted)
                ? Results.Json(await Run(database, account, wanted, reason, after, limit, stop), JsonRules.Options)
                : ProfileRules.Refuse(("outcome", "The outcome is allow, ask or hold."))!.ToHttp())
        .WithName(nameof(ListSignIns)).Requires(IdentityPermissions.SignInRisk).Produces<Page>();

    /// <param name="reason">Code of a reason.</param>
    public static async Task<Page> Run(Database database, AccountId? account, SignInOutcome? outcome, string? reason, SignInDecisionId? after, int limit, CancellationToken stop)
    {
        var size = Math.Clamp(limit, 1, MaxPage);
        var code = string.IsNullOrWhiteSpace(reason) || reason.Length > 60 || !reason.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? null : $"\"code\":\"{reason}\"";
        var rows = await database.List<Row>(Read, new { account, outcome, code, after, limit = size + 1 }, stop);
        var items = rows.Take(size).Select(r => new SignInDecisionView(r.Id, r.AccountId, r.At, r.Method, r.Outcome, r.Score, JsonSerializer.Deserialize<SignInReason[]>(r.Reasons, JsonRules.Options)!)).ToArray();
        return new Page(items, rows.Count > size ? items[^1].Id : null);
    }

    private static bool TryOutcome(string? name, out SignInOutcome? outcome)
    {
        outcome = name switch { "allow" => SignInOutcome.Allow, "ask" => SignInOutcome.Ask, "hold" => SignInOutcome.Hold, _ => null };
        return string.IsNullOrEmpty(name) || outcome is not null;
    }

    private const string Read = """
        select d.id, d.account_id, d.at, d.method, d.outcome, d.score, d.reasons from identity.risk_decisions d
        where (@account is null or d.account_id = @account) and (@outcome is null or d.outcome = @outcome) and (@code is null or strpos(d.reasons, @code) > 0)
            and (@after is null or d.id < @after)
        order by d.id desc limit @limit
        """;
}
