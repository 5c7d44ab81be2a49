using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Ends a link of the caller's: its address answers as one that never was.</summary>
public static class RevokeCalendarLink
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/me/calendar-links/{id}", async (CalendarLinkId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RevokeCalendarLink)).RequiresSignIn().ChecksSessionRow().Produces(204);

    public static Task<Result<Done>> Run(Database database, Caller caller, CalendarLinkId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await tx.ChangeNow("delete from marketplace.calendar_links where id = @id and account_id = @account", new { id, account = caller.AccountId }) == 0) return MarketplaceRefusals.CalendarLinkNotFound;
        await tx.Audit(caller, "calendar_link.revoked", "calendar_link", id.ToString());
        return default(Done);
    }, stop);
}
