using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Moderation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.ClientProjects;

/// <summary>(none) → draft: a provider, or staff for one, begins a project for the customer of a booking that was paid. Client, provider and currency are the booking's; it belongs to the project
/// unless it belongs to another. The client sees nothing of it before it is opened.</summary>
public static class CreateClientProject
{
    public const int MostOpen = 200;

    /// <param name="Booking">Whose customer is the client; it was paid, and not all of it has gone back.</param>
    /// <param name="Title">1 to 100 characters on one line.</param>
    /// <param name="Description">At most 4000 characters.</param>
    public sealed record Body(BookingId Booking, string Title, string Description = "");

    /// <summary>Somebody a project can be opened for: the newest of their bookings that were paid.</summary>
    public sealed record Client(BookingId Booking, string Name, string ServiceName, DateTimeOffset StartsAt);

    private sealed record ClientRow(BookingId Id, Guid CustomerId, string ServiceName, DateTimeOffset StartsAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/client-projects", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(CreateClientProject)).RequiresSignIn().Idempotent().Produces<ClientProjectView>(201);

    public static async Task<Result<ClientProjectView>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        var (title, description) = (ProjectTexts.Line(body.Title), ProjectTexts.Lines(body.Description));
        if (ProjectTexts.Refuse(("title", ProjectTexts.TitleObjection(title)), ("description", ProjectTexts.DescriptionObjection(description))) is { } wrong) return wrong;
        var mayForAll = caller.May(MarketplacePermissions.ClientProjectEdit);
        if (await BookingRows.Find(database, body.Booking, stop) is not { } booking || booking.RoleOf(caller) is null && !mayForAll) return MarketplaceRefusals.BookingNotFound;
        if (booking.RoleOf(caller) is not BookingRole.Provider && (!mayForAll || caller.Is(booking.CustomerId))) return MarketplaceRefusals.OnlyTheProvider;
        if (booking.ConfirmedAt is null || booking.Refunded >= booking.Price) return MarketplaceRefusals.ClientProjectUnpaid;
        var made = await database.InTransaction(tx => Create(tx, caller, booking, title, description), stop);
        return made.Is(out var id, out var refusal) ? await ReadClientProject.Run(database, caller, id, stop) : refusal;
    }

    /// <summary>The customers of the caller's paid bookings, the latest first, at most 100.</summary>
    public static async Task<IReadOnlyList<Client>> Clients(Database database, Caller caller, CancellationToken stop)
    {
        var rows = await database.List<ClientRow>(ClientsSql, new { me = caller.AccountId }, stop);
        var people = await Accounts.Summaries(database, [.. rows.Select(r => r.CustomerId)], stop);
        return [.. rows.Select(r => new Client(r.Id, people.GetValueOrDefault(r.CustomerId)?.DisplayName ?? "", r.ServiceName, r.StartsAt))];
    }

    private static async Task<Result<ClientProjectId>> Create(Transaction tx, Caller caller, Booking booking, string title, string description)
    {
        var id = caller.OperationId is { } operation ? new ClientProjectId(operation) : tx.NewId<ClientProjectId>();
        // The locks of a block: nothing new is begun across one, and the count below is nobody else's.
        await Claims.Lock(tx, [], PersonBlocks.Holder(booking.CustomerId), PersonBlocks.Holder(booking.ProviderAccountId));
        if (await tx.Find<ClientProjectId?>("select id from marketplace.client_projects where id = @id", new { id }) is { } before) return before;
        if (await PersonBlocks.Between(tx, booking.CustomerId, booking.ProviderAccountId)) return MarketplaceRefusals.PeopleBlocked;
        if (await tx.Get<long>(OpenSql, new { provider = booking.ProviderAccountId }) >= MostOpen) return MarketplaceRefusals.TooManyClientProjects.With(("atMost", MostOpen));
        await tx.ChangeOne(Insert, new { id, booking.ProviderId, booking.ProviderAccountId, booking.CustomerId, title, description, booking.Currency, now = tx.Now });
        await tx.Change("insert into marketplace.project_bookings (booking_id, project_id, linked_at) values (@booking, @id, @now) on conflict do nothing", new { booking = booking.Id, id, now = tx.Now });
        await ClientProjectRows.Note(tx, caller, (await ClientProjectRows.Lock(tx, id))!, ProjectEventKind.Created);
        await tx.Audit(caller, "client_project.created", "client_project", id.ToString(), after: new { booking = booking.Id, provider = booking.ProviderId, booking.Currency });
        return id;
    }

    private const string OpenSql = "select count(*) from marketplace.client_projects where provider_account_id = @provider and state in ('draft', 'active', 'paused')";

    private const string Insert = """
        insert into marketplace.client_projects (id, provider_id, provider_account_id, client_id, title, description, currency, state, created_at)
        values (@id, @ProviderId, @ProviderAccountId, @CustomerId, @title, @description, @Currency, 'draft', @now)
        """;

    private const string ClientsSql = """
        select t.id, t.customer_id, t.service_name, t.starts_at from (
            select distinct on (b.customer_id) b.id, b.customer_id, b.service_name, b.starts_at from marketplace.bookings b
            where b.provider_account_id = @me and b.confirmed_at is not null and coalesce(b.refund_minor, 0) < b.price_minor order by b.customer_id, b.id desc) t
        order by t.id desc limit 100
        """;
}
