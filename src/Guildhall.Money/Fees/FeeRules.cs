using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Fees;

/// <summary>A rule in force or retired. Of several that fit a sale the one of the provider wins, then that of the category, then that of all; and
/// in each the one for the sale's currency before the one for any. Without a rule the platform's percentage in the settings holds.</summary>
public sealed record FeeRuleView(FeeRuleId Id, Guid? ProviderId, string? Category, Currency? Currency, int BasisPoints, long FixedMinor, long MinimumMinor,
    long? MaximumMinor, int TaxBasisPoints, string Reason, Guid MadeBy, DateTimeOffset MadeAt, DateTimeOffset? RetiredAt)
{
    public FeeRule Rule => new(BasisPoints, FixedMinor, MinimumMinor, MaximumMinor, TaxBasisPoints);
}

/// <summary>Finding the rule of a sale.</summary>
public static class FeeRules
{
    internal const string Columns = """
        r.id, r.provider_id, r.category, r.currency, r.basis_points, r.fixed_minor, r.minimum_minor, r.maximum_minor, r.tax_basis_points, r.reason, r.made_by, r.made_at, r.retired_at
        """;

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/fee-rules", async (Database database, CancellationToken stop) => Results.Ok(await InForce(database, stop)))
            .WithName("ListFeeRules").Requires(MoneyPermissions.PaymentView).Produces<IReadOnlyList<FeeRuleView>>();
        admin.MapGet("/fee-rules/preview", async (Guid? provider, string? category, Currency currency, long minor, Database database, CancellationToken stop) =>
            (await Preview(database, provider, category, new Amount(minor, currency), stop)).ToHttp()).WithName("PreviewFee").Requires(MoneyPermissions.PaymentView).Produces<Applied>();
    }

    /// <summary>What a sale would cost: the fee, the tax on it, what the provider earns, and the rule that says so.</summary>
    public sealed record Applied(Amount Total, Amount Fee, Amount Tax, Amount Earned, FeeRule Rule, FeeRuleId? From);

    /// <summary>The rules in force, at most 500.</summary>
    public static Task<IReadOnlyList<FeeRuleView>> InForce(Database database, CancellationToken stop) =>
        database.List<FeeRuleView>($"select {Columns} from money.fee_rules r where r.retired_at is null order by r.provider_id nulls last, r.category nulls last, r.currency nulls last limit 500", stop: stop);

    public static async Task<Result<Applied>> Preview(Database database, Guid? provider, string? category, Amount total, CancellationToken stop) =>
        total.IsPositive ? await database.InTransaction(tx => Of(tx, provider, category, total), stop) : MoneyRefusals.AmountNotPositive;

    /// <summary>The fee of a sale by the rule in force now; what the platform sells is all fee, the tax on it included.</summary>
    internal static async Task<Applied> Of(Transaction tx, Guid? provider, string? category, Amount total)
    {
        if (provider == Orders.Orders.Platform)
        {
            var all = new FeeRule(10_000, TaxBasisPoints: await tx.Setting(MoneySettings.PlatformFeeTax));
            return new Applied(total, all.Of(total).Fee, all.Of(total).Tax, Amount.Zero(total.Currency), all, null);
        }
        var found = await tx.Find<FeeRuleView>(Choose, new { provider, category, currency = total.Currency });
        var rule = found?.Rule ?? new FeeRule(await tx.Setting(MoneySettings.PlatformFee), TaxBasisPoints: await tx.Setting(MoneySettings.PlatformFeeTax));
        var fee = rule.Of(total);
        return new Applied(total, fee.Fee, fee.Tax, fee.Earned, rule, found?.Id);
    }

    /// <summary>The rule an order was sold by.</summary>
    public static async Task<FeeRule?> FrozenOn(Database database, OrderId order, CancellationToken stop) =>
        await database.Find<string>("select fee_rule::text from money.orders where id = @order", new { order }, stop) is { } json ? JsonSerializer.Deserialize<FeeRule>(json, JsonRules.Options) : null;

    private const string Choose = $"""
        select {Columns} from money.fee_rules r
        where r.retired_at is null and (r.provider_id is null or r.provider_id = @provider) and (r.category is null or r.category = @category)
            and (r.currency is null or r.currency = @currency)
        order by r.provider_id nulls last, r.category nulls last, r.currency nulls last limit 1
        """;
}

/// <summary>Puts a rule in force for later sales; the one it replaces is retired and kept.</summary>
public static class SetFeeRule
{
    /// <summary>For one provider, one category, or all; amounts only together with a currency.</summary>
    public sealed record Body(Guid? ProviderId, string? Category, Currency? Currency, int BasisPoints, long FixedMinor, long MinimumMinor, long? MaximumMinor, int TaxBasisPoints, string Reason);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapPost("/fee-rules", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
            .WithName(nameof(SetFeeRule)).Requires(MoneyPermissions.FeeEdit).Idempotent().Produces<FeeRuleView>(201);
        admin.MapPost("/fee-rules/{id}/actions/retire", async (FeeRuleId id, Caller caller, Database database, CancellationToken stop) => (await Retire(database, caller, id, stop)).ToHttp())
            .WithName("RetireFeeRule").Requires(MoneyPermissions.FeeEdit).Idempotent().Produces<FeeRuleView>();
    }

    public static Task<Result<FeeRuleView>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction<Result<FeeRuleView>>(async tx =>
    {
        if (Objection(body) is { } objection) return objection;
        await tx.Change("select pg_advisory_xact_lock(hashtextextended('fee_rules', 0))");
        var id = caller.OperationId is { } operation ? new FeeRuleId(operation) : tx.NewId<FeeRuleId>();
        if (await Find(tx, id) is { } mine) return mine;
        var (by, now) = (caller.AccountId!.Value, tx.Now);
        var before = await tx.Find<FeeRuleView>(Replace, new { body.ProviderId, body.Category, body.Currency, by, now });
        await tx.ChangeOne(Insert, new
        {
            id, body.ProviderId, body.Category, body.Currency, body.BasisPoints, body.FixedMinor, body.MinimumMinor, body.MaximumMinor, body.TaxBasisPoints, body.Reason, by, now,
        });
        var after = (await Find(tx, id))!;
        await tx.Audit(caller, "fee_rule.set", "fee_rule", id.ToString(), before: before?.Rule, after: new { body.ProviderId, body.Category, body.Currency, after.Rule }, why: body.Reason);
        return after;
    }, stop);

    public static Task<Result<FeeRuleView>> Retire(Database database, Caller caller, FeeRuleId id, CancellationToken stop) => database.InTransaction<Result<FeeRuleView>>(async tx =>
    {
        if (await tx.ChangeNow("update money.fee_rules set retired_at = @now, retired_by = @by where id = @id and retired_at is null", new { id, by = caller.AccountId, now = tx.Now }) == 1)
            await tx.Audit(caller, "fee_rule.retired", "fee_rule", id.ToString());
        return await Find(tx, id) is { } found ? found : MoneyRefusals.FeeRuleNotFound;
    }, stop);

    private static Refusal? Objection(Body body) =>
        body.Reason is not { Length: >= 1 and <= 500 } ? MoneyRefusals.ReasonMissing
        : body is { ProviderId: not null, Category: not null } || body.Category is { Length: 0 or > 60 } ? MoneyRefusals.FeeRuleInvalid.With(("why", "Name a provider or a category, not both."))
        : body.BasisPoints is < 0 or > 10_000 || body.TaxBasisPoints is < 0 or > 10_000 ? MoneyRefusals.FeeRuleInvalid.With(("why", "Percentages are between 0 and 100."))
        : body.FixedMinor < 0 || body.MinimumMinor < 0 || body.MaximumMinor < body.MinimumMinor ? MoneyRefusals.FeeRuleInvalid.With(("why", "Amounts are not negative, and the maximum is not below the minimum."))
        : body.Currency is null && (body.FixedMinor > 0 || body.MinimumMinor > 0 || body.MaximumMinor is not null) ? MoneyRefusals.FeeRuleInvalid.With(("why", "An amount needs a currency."))
        : null;

    private static Task<FeeRuleView?> Find(Transaction tx, FeeRuleId id) => tx.Find<FeeRuleView>($"select {FeeRules.Columns} from money.fee_rules r where r.id = @id", new { id });

    private const string Replace = $"""
        update money.fee_rules r set retired_at = @now, retired_by = @by
        where r.retired_at is null and r.provider_id is not distinct from @ProviderId and r.category is not distinct from @Category and r.currency is not distinct from @Currency
        returning {FeeRules.Columns}
        """;

    private const string Insert = """
        insert into money.fee_rules (id, provider_id, category, currency, basis_points, fixed_minor, minimum_minor, maximum_minor, tax_basis_points, reason, made_by, made_at)
        values (@id, @ProviderId, @Category, @Currency, @BasisPoints, @FixedMinor, @MinimumMinor, @MaximumMinor, @TaxBasisPoints, @Reason, @by, @now)
        """;
}
