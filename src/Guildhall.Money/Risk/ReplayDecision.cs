using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Risk;

/// <summary>A decision with all it rested on, made again: by the rules of its time, which must give the same, and by those of today, to see what a change of rules would do.</summary>
public static class ReplayDecision
{
    /// <param name="Again">By the rules of its time; null when the formula is another by now.</param>
    /// <param name="Same">Whether that gave what was decided.</param>
    /// <param name="Today">By the rules in force.</param>
    public sealed record Replayed(RiskDecisionId Id, OrderId Order, PaymentId Payment, DateTimeOffset At, RiskOutcome Outcome, int Score, IReadOnlyList<RiskReason> Reasons, RiskInputs Inputs,
        RiskRules Rules, int Version, RiskVerdict? Again, bool Same, RiskVerdict Today);

    private sealed record Row(RiskDecisionId Id, OrderId OrderId, PaymentId PaymentId, DateTimeOffset At, RiskOutcome Outcome, int Score, int Version, string Inputs, string Rules, string Reasons);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/risk/decisions/{id}", async (RiskDecisionId id, Database database, CancellationToken stop) => (await Run(database, id, stop)).ToHttp())
            .WithName(nameof(ReplayDecision)).Requires(MoneyPermissions.RiskReview).Produces<Replayed>();
        admin.MapGet("/risk/orders/{order}/decisions", async (OrderId order, Database database, CancellationToken stop) => TypedResults.Json(await OfOrder(database, order, stop), JsonRules.Options))
            .WithName("ListRiskDecisions").Requires(MoneyPermissions.RiskReview).Produces<IReadOnlyList<Replayed>>();
    }

    public static async Task<Result<Replayed>> Run(Database database, RiskDecisionId id, CancellationToken stop) =>
        await database.Find<Row>($"{Select} where id = @id", new { id }, stop) is { } row ? Replay(row, await Rules(database, stop)) : MoneyRefusals.DecisionNotFound;

    /// <summary>Every decision on an order, the newest first.</summary>
    public static async Task<IReadOnlyList<Replayed>> OfOrder(Database database, OrderId order, CancellationToken stop)
    {
        var rules = await Rules(database, stop);
        return [.. (await database.List<Row>($"{Select} where order_id = @order order by at desc, id desc limit 50", new { order }, stop)).Select(row => Replay(row, rules))];
    }

    private static Task<RiskRules> Rules(Database database, CancellationToken stop) => database.Setting(MoneySettings.Risk, stop);

    private static Replayed Replay(Row row, RiskRules today)
    {
        var (inputs, rules, reasons) = (Read<RiskInputs>(row.Inputs), Read<RiskRules>(row.Rules), Read<RiskReason[]>(row.Reasons));
        var again = row.Version == RiskScore.Version ? RiskScore.Of(inputs, rules) : null;
        var same = again is not null && again.Score == row.Score && again.Outcome == row.Outcome && again.Reasons.SequenceEqual(reasons);
        return new Replayed(row.Id, row.OrderId, row.PaymentId, row.At, row.Outcome, row.Score, reasons, inputs, rules, row.Version, again, same, RiskScore.Of(inputs, today));
    }

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, JsonRules.Options)!;

    private const string Select = "select id, order_id, payment_id, at, outcome, score, version, inputs, rules, reasons from money.risk_decisions";
}
