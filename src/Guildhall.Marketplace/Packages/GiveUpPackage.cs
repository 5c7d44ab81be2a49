using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Policies;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>The customer gives up what is unused: by the rule frozen at the sale so much of its money comes back, the rest is the provider's. Sessions that are booked stay.</summary>
public static class GiveUpPackage
{
    /// <param name="SeenRefundMinor">The sum that was shown, in minor units: when given, anything else is refused with the present one.</param>
    public sealed record Body(long? SeenRefundMinor = null);

    /// <summary>What giving up now would do with the money of unused sessions.</summary>
    public sealed record Terms(int Sessions, Amount Refund, Amount Kept, int BackPercent);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/package-sales/{id}/ending", async (PackageSaleId id, Caller caller, Database database, CancellationToken stop) => (await Preview(database, caller, id, stop)).ToHttp())
            .WithName("ReadPackageEnding").RequiresSignIn().Produces<Terms>();
        api.MapPost("/package-sales/{id}/actions/give-up", async (PackageSaleId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp())
            .WithName(nameof(GiveUpPackage)).RequiresSignIn().Idempotent().Produces<PackageSaleView>();
    }

    public static Task<Result<Terms>> Preview(Database database, Caller caller, PackageSaleId id, CancellationToken stop) => database.InTransaction<Result<Terms>>(async tx =>
    {
        if (await PackageSales.Lock(tx, id) is not { } sale || !caller.Is(sale.CustomerId)) return MarketplaceRefusals.PackageSaleNotFound;
        return sale.IsOpen(tx.Now) ? await Of(tx, sale) : MarketplaceRefusals.PackageClosed;
    }, stop);

    public static async Task<Result<PackageSaleView>> Run(Database database, Caller caller, PackageSaleId id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await PackageSales.Lock(tx, id) is not { } sale || !caller.Is(sale.CustomerId)) return MarketplaceRefusals.PackageSaleNotFound;
            if (sale.ClosedBy == PackageClosedBy.GivenUp) return default(Done);
            if (!sale.IsOpen(tx.Now)) return MarketplaceRefusals.PackageClosed;
            var terms = await Of(tx, sale);
            if (body.SeenRefundMinor is { } seen && seen != terms.Refund.Minor) return MarketplaceRefusals.CancellationTermsChanged.With(("terms", terms));
            return await Close(tx, caller, sale, PackageClosedBy.GivenUp, PackageVoidReason.GivenUp);
        }, stop);
        return done.Refusal is { } refusal ? refusal : await ReadPackageSales.Run(database, caller, id, stop);
    }

    private static async Task<Terms> Of(Transaction tx, PackageSale sale)
    {
        var free = (await PackageSales.Credits(tx, sale.Id)).Where(c => c.State == PackageCreditState.Free).ToArray();
        var sum = free.Aggregate(Amount.Zero(sale.Currency), (all, c) => all + c.Amount);
        var percent = await BackPercent(tx, sale);
        var back = CancellationTerms.Part(sum, percent, await RefundStep.Of(tx, sale.OrderId));
        return new Terms(free.Length, back, sum - back, percent);
    }

    /// <summary>The share frozen at the sale; everything when it is the provider who does not let the customer book: by a block, or with no service of the sale on offer.</summary>
    internal static async Task<int> BackPercent(Transaction tx, PackageSale sale) =>
        await PersonBlocks.Stands(tx, sale.ProviderAccountId, sale.CustomerId) || !await tx.Get<bool>(IsOffered, new { sale.Id }) ? CancellationPolicy.Everything : sale.UnusedBackPercent;

    /// <summary>Nothing is booked with it any more: what is unused is settled by the rule of the sale. Order and sale are locked.</summary>
    internal static async Task<Result<Done>> Close(Transaction tx, Caller caller, PackageSale sale, PackageClosedBy by, PackageVoidReason why)
    {
        if (await HoldOrder.IsDisputed(tx, sale.OrderId)) return MoneyRefusals.OrderDisputed; // won, what it voided is settled as well
        var terms = await Of(tx, sale);
        await PackageCredits.VoidFree(tx, sale, why);
        await tx.ChangeOne("update marketplace.package_sales set closed_at = @now, closed_by = @by where id = @Id and state = 'active' and closed_at is null", new { sale.Id, by, now = tx.Now });
        if (terms.Refund.IsPositive && (await RequestRefund.Run(tx, caller, sale.OrderId, terms.Refund, "package_" + Names.Of(by), part: sale.Id.Value)).Refusal is { } refused) return refused;
        await tx.Audit(caller, "package.closed", "package_sale", sale.Id.ToString(), after: new { by, terms.Sessions, terms.Refund, terms.Kept });
        await TellOfPackage.Closed(tx, sale, by, terms.Refund);
        await FinishPackage.Queue(tx, sale.Id);
        if (terms.Kept.IsPositive && (await ReleasePart.Run(tx, caller, sale.OrderId, "unused", terms.Kept)).Refusal is { } held) return held; // locks the provider's balance: last
        return default(Done);
    }

    private const string IsOffered = """
        select exists (select 1 from marketplace.package_sale_services p join marketplace.services s on s.id = p.service_id join marketplace.providers v on v.id = s.provider_id
            where p.sale_id = @Id and s.active and v.state = 'active')
        """;
}
