using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>Books a session with a credit of a package, without another payment: slot, credit and confirmed booking in one transaction, by the rules of every other booking.</summary>
public static class BookWithPackage
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/package-sales/{id}/bookings", async (PackageSaleId id, HoldSlot.Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, body, stop)).ToHttp(success: 201))
        .WithName(nameof(BookWithPackage)).RequiresSignIn().Idempotent().Produces<BookingView>(201);

    public static async Task<Result<BookingView>> Run(Database database, Caller caller, PackageSaleId id, HoldSlot.Body body, CancellationToken stop)
    {
        // Whose it is comes first: a stranger learns nothing of services either.
        if (await database.Find<PackageSale>(PackageSales.Select + " where s.id = @id", new { id }, stop) is not { } sale || !caller.Is(sale.CustomerId)) return MarketplaceRefusals.PackageSaleNotFound;
        return await HoldSlot.Book(database, caller, body, id, stop);
    }
}
