using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>A booking of the same client and provider belongs to the project from now on, or no more, while the project is not over. A booking belongs to one project at most. Doing it again is
/// doing it once.</summary>
public static class LinkBooking
{
    private const int MostOfProject = 100;

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPut("/client-projects/{id}/bookings/{booking}", async (ClientProjectId id, BookingId booking, Caller caller, Database database, CancellationToken stop) => (await Link(database, caller, id, booking, stop)).ToHttp())
            .WithName(nameof(LinkBooking)).RequiresSignIn().ChecksSessionRow().Produces<ClientProjectView>();
        api.MapDelete("/client-projects/{id}/bookings/{booking}", async (ClientProjectId id, BookingId booking, Caller caller, Database database, CancellationToken stop) => (await Unlink(database, caller, id, booking, stop)).ToHttp())
            .WithName("UnlinkBooking").RequiresSignIn().ChecksSessionRow().Produces<ClientProjectView>();
    }

    public static async Task<Result<ClientProjectView>> Link(Database database, Caller caller, ClientProjectId id, BookingId booking, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await ClientProjectRows.LockToRun(tx, caller, id)).Is(out var project, out var no)) return no;
            if (project.IsOver) return MarketplaceRefusals.ClientProjectNotNow.With(("state", project.State));
            if (await BookingRows.Find(tx, booking) is not { } known || known.CustomerId != project.ClientId || known.ProviderAccountId != project.ProviderAccountId) return MarketplaceRefusals.BookingNotFound;
            if (await tx.Get<long>("select count(*) from marketplace.project_bookings where project_id = @id", new { id }) >= MostOfProject) return MarketplaceRefusals.TooManyProjectBookings.With(("atMost", MostOfProject));
            if (await tx.ChangeNow("insert into marketplace.project_bookings (booking_id, project_id, linked_at) values (@booking, @id, @now) on conflict do nothing", new { booking, id, now = tx.Now }) == 1)
                await tx.Audit(caller, "client_project.booking_linked", "client_project", id.ToString(), after: new { booking });
            else if (await tx.Get<ClientProjectId>("select project_id from marketplace.project_bookings where booking_id = @booking", new { booking }) != id) return MarketplaceRefusals.BookingInProject;
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    public static async Task<Result<ClientProjectView>> Unlink(Database database, Caller caller, ClientProjectId id, BookingId booking, CancellationToken stop)
    {
        var done = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (!(await ClientProjectRows.LockToRun(tx, caller, id)).Is(out var project, out var no)) return no;
            if (project.IsOver) return MarketplaceRefusals.ClientProjectNotNow.With(("state", project.State));
            if (await tx.ChangeNow("delete from marketplace.project_bookings where booking_id = @booking and project_id = @id", new { booking, id }) == 1)
                await tx.Audit(caller, "client_project.booking_unlinked", "client_project", id.ToString(), before: new { booking });
            return default(Done);
        }, stop);
        return await ReadClientProject.Answer(database, caller, id, done.Refusal, stop);
    }

    /// <summary>Bookings of both that belong to no project, the newest first, at most 30; for whoever runs the project.</summary>
    public static Task<IReadOnlyList<ProjectBookingView>> Free(Database database, Caller caller, ClientProjectId id, CancellationToken stop) => database.List<ProjectBookingView>(FreeSql, new
    {
        id, me = caller.AccountId, all = caller.May(MarketplacePermissions.ClientProjectEdit),
    }, stop);

    private const string FreeSql = """
        select b.id, b.service_name, b.state, b.starts_at
        from marketplace.client_projects j join marketplace.bookings b on b.customer_id = j.client_id and b.provider_account_id = j.provider_account_id
        where j.id = @id and (j.provider_account_id = @me or @all) and b.state in ('confirmed', 'completed')
            and not exists (select 1 from marketplace.project_bookings l where l.booking_id = b.id)
        order by b.id desc limit 30
        """;
}
