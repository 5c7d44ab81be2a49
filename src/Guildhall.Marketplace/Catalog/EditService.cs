using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Catalog;

/// <summary>A provider puts a service on sale, changes one, takes it off and puts it back. What was sold stays as it was sold: name, price and times of a booking are its
/// own. Two who edit at once: the second is told.</summary>
public static class EditService
{
    private const int MostServices = 100;

    /// <param name="NameAr">For readers of Arabic; without it they see the name.</param>
    /// <param name="Price">In the minor units of its currency, above zero.</param>
    /// <param name="PerMinute">The price is that of a begun minute in a call; <c>Minutes</c> of them are paid first, and what is not used goes back.</param>
    /// <param name="NoticeMinutes">How long before the start it can still be booked.</param>
    /// <param name="HorizonDays">How many days ahead it can be booked.</param>
    /// <param name="Revision">With a change: the one that was seen.</param>
    public sealed record Body(string Name, string Description, ServiceKind Kind, int Minutes, int BufferMinutes, Amount Price, int NoticeMinutes = 120, int HorizonDays = 60, string? NameAr = null,
        string? Category = null, bool Active = true, int? Revision = null, bool PerMinute = false);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/providers/me/services", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Add(database, caller, body, stop)).ToHttp(success: 201))
            .WithName("AddService").RequiresSignIn().ChecksSessionRow().Produces<ListMyServices.Item>(201);
        api.MapPut("/providers/me/services/{id}", async (ServiceId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Change(database, caller, id, body, stop)).ToHttp())
            .WithName("ChangeService").RequiresSignIn().ChecksSessionRow().Produces<ListMyServices.Item>();
    }

    public static async Task<Result<ListMyServices.Item>> Add(Database database, Caller caller, Body body, CancellationToken stop)
    {
        var clean = ServiceRules.Clean(body);
        if (ServiceRules.Objections(clean) is { Count: > 0 } fields) return FoundationRefusals.InvalidInput.With(("fields", fields));
        return await database.InTransaction<Result<ListMyServices.Item>>(async tx =>
        {
            if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
            if (!await IsCategory(tx, clean.Category, null)) return MarketplaceRefusals.CategoryNotFound;
            await tx.Change("select 1 from marketplace.providers where id = @Id for no key update", new { provider.Id });
            if (await tx.Get<long>("select count(*) from marketplace.services where provider_id = @Id", new { provider.Id }) >= MostServices) return MarketplaceRefusals.TooManyServices.With(("atMost", MostServices));
            var id = tx.NewId<ServiceId>();
            await tx.ChangeOne(Insert, Args(id, provider.Id, clean, tx.Now));
            await DecideMaskAppeal.OpenAgain(tx, provider.Id);
            await tx.Audit(caller, "service.added", "service", id.ToString(), after: clean);
            return Shown(await tx.Get<Service>(ServiceRows.Select + " where s.id = @id", new { id }));
        }, stop);
    }

    public static async Task<Result<ListMyServices.Item>> Change(Database database, Caller caller, ServiceId id, Body body, CancellationToken stop)
    {
        var clean = ServiceRules.Clean(body);
        return await database.InTransaction<Result<ListMyServices.Item>>(async tx =>
        {
            if (await tx.Find<Service>(ServiceRows.Select + " where s.id = @id for update of s", new { id }) is not { } before || !caller.Is(before.ProviderAccountId)) return MarketplaceRefusals.ServiceNotFound;
            if (ServiceRules.Objections(clean) is { Count: > 0 } fields) return FoundationRefusals.InvalidInput.With(("fields", fields));
            if (clean.Revision != before.Revision) return MarketplaceRefusals.ServiceChanged.With(("revision", before.Revision));
            if (!await IsCategory(tx, clean.Category, before.CategoryId)) return MarketplaceRefusals.CategoryNotFound;
            await tx.ChangeOne(Update, Args(id, before.ProviderId, clean, tx.Now));
            if (clean.Description != before.Description) await DecideMaskAppeal.OpenAgain(tx, before.ProviderId);
            await tx.Audit(caller, "service.changed", "service", id.ToString(), before: ServiceRules.BodyOf(before), after: clean);
            return Shown(await tx.Get<Service>(ServiceRows.Select + " where s.id = @id", new { id }));
        }, stop);
    }

    // One that is no longer in use stays where it is.
    private static async Task<bool> IsCategory(Transaction tx, string? category, string? before) =>
        category is null || category == before || await tx.Get<bool>("select exists (select 1 from marketplace.categories where id = @category and active)", new { category });

    private static ListMyServices.Item Shown(Service service) => new(service.ToView(own: true), service.Active, service.Revision);

    private static object Args(ServiceId id, ProviderId provider, Body body, DateTimeOffset now) => new
    {
        id, provider, body.Name, body.NameAr, body.Description, body.Kind, body.Category, body.Minutes, body.BufferMinutes, priceMinor = body.PerMinute ? body.Price.Minor * body.Minutes : body.Price.Minor,
        minuteMinor = body.PerMinute ? body.Price.Minor : (long?)null, body.Price.Currency, body.NoticeMinutes,
        body.HorizonDays, body.Active, now, revision = body.Revision,
    };

    private const string Insert = """
        insert into marketplace.services (id, provider_id, name, name_ar, description, kind, category_id, minutes, buffer_minutes, price_minor, currency, notice_minutes, horizon_days, active, created_at,
            minute_minor)
        values (@id, @provider, @Name, @NameAr, @Description, @Kind, @Category, @Minutes, @BufferMinutes, @priceMinor, @Currency, @NoticeMinutes, @HorizonDays, @Active, @now, @minuteMinor)
        """;

    private const string Update = """
        update marketplace.services set name = @Name, name_ar = @NameAr, description = @Description, kind = @Kind, category_id = @Category, minutes = @Minutes, buffer_minutes = @BufferMinutes,
            price_minor = @priceMinor, minute_minor = @minuteMinor, currency = @Currency, notice_minutes = @NoticeMinutes, horizon_days = @HorizonDays, active = @Active, revision = revision + 1
        where id = @id and provider_id = @provider and revision = @revision
        """;
}
