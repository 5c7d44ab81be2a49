using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Moderation;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>(none) → placed: freezes the package as it is on offer and places the order for it. Price, provider and fee are the server's. It is paid like any order, within half an hour.</summary>
public static class BuyPackage
{
    private const int MostUnpaid = 5;
    private static readonly TimeSpan PayWithin = TimeSpan.FromMinutes(30);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/packages/{id}/sales", async (PackageId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp(success: 201))
        .WithName(nameof(BuyPackage)).RequiresSignIn().Idempotent().Produces<PackageSaleView>(201);

    public static async Task<Result<PackageSaleView>> Run(Database database, Caller caller, PackageId id, CancellationToken stop)
    {
        if (await PackageRows.Find(database, id, stop) is not { IsOffered: true } package) return MarketplaceRefusals.PackageNotFound;
        if (caller.Is(package.ProviderAccountId)) return MarketplaceRefusals.OwnService;
        var placed = await database.InTransaction(tx => Place(tx, caller, package), stop);
        return placed.Is(out var sale, out var refusal) ? await ReadPackageSales.Run(database, caller, sale, stop) : refusal;
    }

    private static async Task<Result<PackageSaleId>> Place(Transaction tx, Caller caller, Package package)
    {
        var id = caller.OperationId is { } operation ? new PackageSaleId(operation) : tx.NewId<PackageSaleId>();
        var customer = caller.AccountId!.Value;
        await Claims.Lock(tx, [], PersonBlocks.Holder(customer));
        if (await tx.Find<PackageSaleId?>("select id from marketplace.package_sales where id = @id", new { id }) is { } before) return before;
        if (await PersonBlocks.Between(tx, customer, package.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;
        // What was seen a moment ago is sold, or nothing.
        if (!await tx.Get<bool>("select exists (select 1 from marketplace.packages where id = @Id and active and revision = @Revision for share)", new { package.Id, package.Revision })) return MarketplaceRefusals.PackageChanged;
        if (await tx.Get<long>(Unpaid, new { customer, now = tx.Now }) >= MostUnpaid) return MarketplaceRefusals.TooManyUnpaidPackages.With(("atMost", MostUnpaid));
        var payUntil = tx.Now + PayWithin;
        var order = await PlaceOrder.Run(tx, caller, new NewOrder(customer, package.ProviderAccountId, PackageSales.Purpose, id.Value,
            [new OrderLine($"{package.Name} ({package.Sessions})", package.Price)], payUntil, "package", GivesPartsBack: true));
        await tx.ChangeOne(Insert, new
        {
            id, packageId = package.Id, customer, package.ProviderId, package.ProviderAccountId, package.Name, package.Sessions, package.PriceMinor, package.Currency, package.ValidDays, package.UnusedBackPercent, order,
            now = tx.Now, payUntil,
        });
        await tx.Change("insert into marketplace.package_sale_services (sale_id, service_id) select @id, service_id from marketplace.package_services where package_id = @packageId", new { id, packageId = package.Id });
        await tx.Enqueue(new EndUnpaidSale(id), runAt: payUntil, uniqueKey: id.ToString());
        await tx.Audit(caller, "package.placed", "package_sale", id.ToString(), after: new { package = package.Id, package.Sessions, package.Price, order });
        return id;
    }

    private const string Unpaid = "select count(*) from marketplace.package_sales where customer_id = @customer and state = 'placed' and pay_until > @now";

    private const string Insert = """
        insert into marketplace.package_sales (id, package_id, customer_id, provider_id, provider_account_id, name, sessions, price_minor, currency, valid_days, unused_back_percent, order_id, state, sold_at, pay_until)
        values (@id, @packageId, @customer, @ProviderId, @ProviderAccountId, @Name, @Sessions, @PriceMinor, @Currency, @ValidDays, @UnusedBackPercent, @order, 'placed', @now, @payUntil)
        """;
}
