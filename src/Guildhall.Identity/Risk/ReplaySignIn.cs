using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Guildhall.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Risk;

/// <summary>Where a sign-in came from: sealed with the person's key, gone when the person is.</summary>
public sealed record SignInOrigin(string? Address, string? Country, string? City, string Device);

/// <summary>A judged sign-in with all it rested on, judged again: by the rules of its time, which must give the same, and by those of today.</summary>
public static class ReplaySignIn
{
    /// <param name="Origin">Null when the person was erased.</param>
    /// <param name="Again">By the rules of its time; null when the formula is another by now.</param>
    /// <param name="Same">Whether that gave what was decided.</param>
    /// <param name="Today">By the rules in force.</param>
    public sealed record Replayed(SignInDecisionId Id, AccountId Account, DateTimeOffset At, ProofMethod Method, SignInOutcome Outcome, int Score, IReadOnlyList<SignInReason> Reasons, SignInInputs Inputs,
        SignInRules Rules, int Version, SignInOrigin? Origin, SignInVerdict? Again, bool Same, SignInVerdict Today);

    private sealed record Row(SignInDecisionId Id, AccountId AccountId, DateTimeOffset At, ProofMethod Method, SignInOutcome Outcome, int Score, int Version, string Inputs, string Rules, string Reasons, byte[] Personal);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapGet("/risk/sign-ins/{id}", async (SignInDecisionId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
        .WithName(nameof(ReplaySignIn)).Requires(IdentityPermissions.SignInRisk).Produces<Replayed>();

    public static async Task<Result<Replayed>> Run(Database database, SignInDecisionId id, CancellationToken stop)
    {
        if (await database.Find<Row>(Read, new { id }, stop) is not { } row) return FoundationRefusals.NotFound;
        var (inputs, rules, reasons) = (Of<SignInInputs>(row.Inputs), Of<SignInRules>(row.Rules), Of<SignInReason[]>(row.Reasons));
        var again = row.Version == SignInScore.Version ? SignInScore.Of(inputs, rules) : null;
        var same = again is not null && again.Score == row.Score && again.Outcome == row.Outcome && again.Reasons.SequenceEqual(reasons);
        var today = SignInScore.Of(inputs, await database.Setting(IdentitySettings.SignInRules, stop));
        var origin = (await PersonKeys.Open(database, row.AccountId.Value, row.Personal, stop))?.Deserialize<SignInOrigin>(JsonRules.Options);
        return new Replayed(row.Id, row.AccountId, row.At, row.Method, row.Outcome, row.Score, reasons, inputs, rules, row.Version, origin, again, same, today);
    }

    private static T Of<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonRules.Options)!;

    private const string Read = "select id, account_id, at, method, outcome, score, version, inputs, rules, reasons, personal from identity.risk_decisions where id = @id";
}
