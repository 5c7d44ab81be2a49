using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>A package that was sold, as its sides and staff see it. <c>Left</c> sessions can be booked, <c>Booked</c> are to come, <c>Used</c> were held, <c>Void</c> can be used no more.
/// <c>ValidUntil</c>: a session begins at most then. <c>Credits</c>: each session with the money it stands for.</summary>
public sealed record PackageSaleView(PackageSaleId Id, PackageId PackageId, string Name, PackageSaleState State, ProviderId ProviderId, string ProviderName, string CustomerName, OrderId OrderId, Amount Price,
    int Sessions, int Left, int Booked, int Used, int Void, int UnusedBackPercent, int ValidDays, DateTimeOffset SoldAt, DateTimeOffset PayUntil, DateTimeOffset? PaidAt, DateTimeOffset? ValidUntil,
    DateTimeOffset? ClosedAt, PackageClosedBy? ClosedBy, DateTimeOffset? EndedAt, IReadOnlyList<PackageService> Services, IReadOnlyList<PackageCreditView> Credits);

/// <summary>One session of it.</summary>
public sealed record PackageCreditView(int No, Amount Amount, PackageCreditState State, BookingId? BookingId, PackageVoidReason? VoidReason);

/// <summary>One sale for its sides and staff (a stranger is told that there is none), and lists of them, newest first, 50 at a time.</summary>
public static class ReadPackageSales
{
    public const int PageSize = 50;

    public sealed record Page(IReadOnlyList<PackageSaleView> Items, PackageSaleId? Next);

    private sealed record OfSale(PackageSaleId SaleId, ServiceId ServiceId);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/package-sales/{id}", async (PackageSaleId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
            .WithName("ReadPackageSale").RequiresSignIn().Produces<PackageSaleView>();
        api.MapGet("/package-sales", async (Caller caller, Database database, CancellationToken stop, string? role = null, PackageSaleId? after = null) => (await Mine(database, caller, role, after, stop)).ToHttp())
            .WithName("ListPackageSales").RequiresSignIn().Produces<Page>();
        api.MapGet("/admin/package-sales", async (Database database, CancellationToken stop, PackageSaleId? after = null) => Results.Json(await All(database, after, stop), JsonRules.Options))
            .WithName("ListAllPackageSales").Requires(MarketplacePermissions.BookingView).Produces<Page>();
    }

    public static async Task<Result<PackageSaleView>> Run(Database database, Caller caller, PackageSaleId id, CancellationToken stop)
    {
        if (await database.Find<PackageSale>(PackageSales.Select + " where s.id = @id", new { id }, stop) is not { } sale || !PackageSales.MaySee(sale, caller)) return MarketplaceRefusals.PackageSaleNotFound;
        return (await Show(database, [sale], stop))[0];
    }

    /// <param name="role"><c>customer</c> (also null) or <c>provider</c>. What was never paid and can be paid no more is left out.</param>
    public static async Task<Result<Page>> Mine(Database database, Caller caller, string? role, PackageSaleId? after, CancellationToken stop)
    {
        if (role is not (null or "" or "customer" or "provider")) return FoundationRefusals.InvalidInput.With(("field", "role"));
        return await Cut(database, await database.List<PackageSale>(MineSql, new { me = caller.AccountId, asProvider = role == "provider", after, now = database.Clock.GetUtcNow(), limit = PageSize + 1 }, stop), stop);
    }

    /// <summary>What the caller has bought and can still use or pay; the soonest to end first, at most 20.</summary>
    internal static async Task<IReadOnlyList<PackageSaleView>> Usable(Database database, Caller caller, CancellationToken stop) =>
        await Show(database, await database.List<PackageSale>(UsableSql, new { me = caller.AccountId, now = database.Clock.GetUtcNow() }, stop), stop);

    public static async Task<Page> All(Database database, PackageSaleId? after, CancellationToken stop) =>
        await Cut(database, await database.List<PackageSale>(PackageSales.Select + " where @after is null or s.id < @after order by s.id desc limit @limit", new { after, limit = PageSize + 1 }, stop), stop);

    private static async Task<Page> Cut(Database database, IReadOnlyList<PackageSale> rows, CancellationToken stop) =>
        new(await Show(database, [.. rows.Take(PageSize)], stop), rows.Count > PageSize ? rows[PageSize - 1].Id : null);

    private static async Task<IReadOnlyList<PackageSaleView>> Show(Database database, IReadOnlyList<PackageSale> rows, CancellationToken stop)
    {
        var ids = rows.Select(r => r.Id).ToArray();
        var credits = (await database.List<PackageCredit>(CreditsSql, new { ids }, stop)).ToLookup(c => c.SaleId);
        var sold = (await database.List<OfSale>("select sale_id, service_id from marketplace.package_sale_services where sale_id = any (@ids) order by sale_id, service_id limit 2000", new { ids }, stop))
            .ToLookup(s => s.SaleId, s => s.ServiceId);
        var services = await PackageRows.Services(database, [.. sold.SelectMany(s => s).Distinct()], stop);
        var people = await Accounts.Summaries(database, [.. rows.Select(r => r.CustomerId).Concat(rows.Select(r => r.ProviderAccountId)).Distinct()], stop);
        return [.. rows.Select(s => View(s, [.. credits[s.Id]], [.. sold[s.Id].Where(services.ContainsKey).Select(id => services[id])],
            people.GetValueOrDefault(s.CustomerId)?.DisplayName ?? "", people.GetValueOrDefault(s.ProviderAccountId)?.DisplayName ?? ""))];
    }

    private static PackageSaleView View(PackageSale s, IReadOnlyList<PackageCredit> credits, IReadOnlyList<PackageService> services, string customer, string provider)
    {
        int Of(PackageCreditState state) => credits.Count(c => c.State == state);
        return new(s.Id, s.PackageId, s.Name, s.State, s.ProviderId, provider, customer, s.OrderId, s.Price, s.Sessions, Of(PackageCreditState.Free), Of(PackageCreditState.Booked), Of(PackageCreditState.Spent),
            Of(PackageCreditState.Void), s.UnusedBackPercent, s.ValidDays, s.SoldAt, s.PayUntil, s.PaidAt, s.ValidUntil, s.ClosedAt, s.ClosedBy, s.EndedAt, services,
            [.. credits.Select(c => new PackageCreditView(c.No, c.Amount, c.State, c.BookingId is { } booking ? new BookingId(booking) : null, c.VoidReason))]);
    }

    private const string MineSql = PackageSales.Select + """
         where (case when @asProvider then s.provider_account_id else s.customer_id end) = @me and (@after is null or s.id < @after)
            and (s.state <> 'placed' or (not @asProvider and s.pay_until > @now))
        order by s.id desc limit @limit
        """;

    private const string UsableSql = PackageSales.Select + """
         where s.customer_id = @me and (s.state = 'placed' and s.pay_until > @now or s.state = 'active' and s.closed_at is null and s.valid_until > @now)
        order by coalesce(s.valid_until, s.pay_until), s.id limit 20
        """;

    private const string CreditsSql = """
        select c.sale_id, c.no, c.minor, s.currency, c.state, c.booking_id, c.void_reason from marketplace.package_credits c join marketplace.package_sales s on s.id = c.sale_id
        where c.sale_id = any (@ids) order by c.sale_id, c.no limit 5100
        """;
}
