using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Reconciliation;

/// <summary>What a gateway ought to keep of a capture, from a moment on. A rule is never changed: a newer one follows it.</summary>
public static class SetGatewayFee
{
    /// <param name="Currency">Null for every currency without a rule of its own; then there is no fixed part.</param>
    /// <param name="From">Now when null. Rows that happened earlier keep the rule of their day.</param>
    public sealed record Body(string Gateway, string? Currency, int BasisPoints, long FixedMinor, DateTimeOffset? From);

    public sealed record Rule(string Gateway, string? Currency, int BasisPoints, long FixedMinor, DateTimeOffset FromAt);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/reconciliation/fees", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(201))
            .WithName(nameof(SetGatewayFee)).Requires(MoneyPermissions.ReconciliationRun);
        admin.MapGet("/reconciliation/fees", async (Database database, CancellationToken stop) => TypedResults.Ok(await All(database, stop)))
            .WithName("ListGatewayFees").Requires(MoneyPermissions.ReconciliationView);
    }

    public static Task<Result<Done>> Run(Database database, Caller caller, Body rule, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        var known = Currency.TryParse(rule.Currency, out var currency);
        if (!ReceiveReport.IsName(rule.Gateway) || rule.BasisPoints is < 0 or > 10000 || rule.FixedMinor < 0 || rule.Currency is not null != known || !known && rule.FixedMinor > 0)
            return MoneyRefusals.GatewayFeeInvalid;
        await tx.ChangeOne("""
            insert into money.gateway_fee_rules (gateway, currency, basis_points, fixed_minor, from_at, set_by, set_at)
            values (@Gateway, @currency, @BasisPoints, @FixedMinor, coalesce(@From, @now), @by, @now)
            """, new { rule.Gateway, currency = known ? currency.Code : null, rule.BasisPoints, rule.FixedMinor, rule.From, by = caller.AccountId ?? Guid.Empty, now = tx.Now });
        await tx.Audit(caller, "gateway_fee.set", "gateway", rule.Gateway, after: rule);
        return default(Done);
    }, stop);

    public static Task<IReadOnlyList<Rule>> All(Database database, CancellationToken stop) => database.List<Rule>("""
        select gateway, currency, basis_points, fixed_minor, from_at from money.gateway_fee_rules order by id desc limit 200
        """, stop: stop);
}

/// <summary>Rows that need no counterpart: a rule with a name says why, for every row of a kind whose text holds some words.</summary>
public static class SetExplainRule
{
    public sealed record Body(string Name, string Source, string Kind, string TextPart, string Reason);

    private static readonly HashSet<string> Kinds = [.. Enum.GetValues<ReportKind>().Select(k => Names.Of(k))];

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/reconciliation/rules", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(201))
            .WithName(nameof(SetExplainRule)).Requires(MoneyPermissions.ReconciliationRun);
        admin.MapDelete("/reconciliation/rules/{name}", async (string name, Caller caller, Database database, CancellationToken stop) => (await Retire(database, caller, name, stop)).ToHttp())
            .WithName("RetireExplainRule").Requires(MoneyPermissions.ReconciliationRun);
        admin.MapGet("/reconciliation/rules", async (Database database, CancellationToken stop) => TypedResults.Ok(await All(database, stop)))
            .WithName("ListExplainRules").Requires(MoneyPermissions.ReconciliationView);
    }

    public static Task<Result<Done>> Run(Database database, Caller caller, Body rule, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (rule is not { Name.Length: >= 1 and <= 60, TextPart.Length: >= 1 and <= 100, Reason.Length: >= 1 and <= 500 } || !ReceiveReport.IsName(rule.Source) || !Kinds.Contains(rule.Kind))
            return MoneyRefusals.ExplainRuleInvalid;
        var added = await tx.ChangeNow("""
            insert into money.explain_rules (name, source, line_kind, text_part, reason, set_by, set_at) values (@Name, @Source, @Kind, @TextPart, @Reason, @by, @now) on conflict (name) do nothing
            """, new { rule.Name, rule.Source, rule.Kind, rule.TextPart, rule.Reason, by = caller.AccountId ?? Guid.Empty, now = tx.Now });
        if (added == 0) return MoneyRefusals.ExplainRuleInvalid;
        await tx.Audit(caller, "explain_rule.set", "explain_rule", rule.Name, after: rule);
        return default(Done);
    }, stop);

    public static Task<Result<Done>> Retire(Database database, Caller caller, string name, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await tx.ChangeNow("update money.explain_rules set retired_at = @now where name = @name and retired_at is null", new { name, now = tx.Now }) == 0) return MoneyRefusals.ExplainRuleInvalid;
        await tx.Audit(caller, "explain_rule.retired", "explain_rule", name);
        return default(Done);
    }, stop);

    public static Task<IReadOnlyList<Body>> All(Database database, CancellationToken stop) => database.List<Body>("""
        select name, source, line_kind as kind, text_part, reason from money.explain_rules where retired_at is null order by name limit 500
        """, stop: stop);
}
