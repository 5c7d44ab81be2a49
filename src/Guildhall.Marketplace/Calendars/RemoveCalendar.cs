using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Forgets a calendar of the caller's and its busy times.</summary>
public static class RemoveCalendar
{
    internal static void Map(IEndpointRouteBuilder api) => api
        .MapDelete("/providers/me/calendars/{id}", async (ExternalCalendarId id, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, id, stop)).ToHttp())
        .WithName(nameof(RemoveCalendar)).RequiresSignIn().ChecksSessionRow().Produces(204);

    public static Task<Result<Done>> Run(Database database, Caller caller, ExternalCalendarId id, CancellationToken stop) => database.InTransaction<Result<Done>>(async tx =>
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.CalendarLinkNotFound;
        await tx.Change("delete from marketplace.external_busy where calendar_id = @id and provider_id = @provider", new { id, provider = provider.Id });
        if (await tx.ChangeNow("delete from marketplace.external_calendars where id = @id and provider_id = @provider", new { id, provider = provider.Id }) == 0) return MarketplaceRefusals.CalendarLinkNotFound;
        await tx.Audit(caller, "calendar.removed", "provider", provider.Id.ToString(), before: new { calendar = id });
        return default(Done);
    }, stop);
}
