using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Packages;

/// <summary>A provider, or staff for one, puts a package on sale, changes one, takes it off. What was sold stays as it was sold. Two who edit at once: the second is told.</summary>
public static class EditPackage
{
    private const int MostPackages = 50, MostServices = 20;
    private const long MostMinor = 1_000_000_000_000;

    /// <param name="Sessions">2 to 100.</param>
    /// <param name="Price">Of all sessions together, in minor units; for each session at least what every gateway can refund.</param>
    /// <param name="ValidDays">1 to 730, from the payment.</param>
    /// <param name="UnusedBackPercent">0 to 100: how much of the money of unused sessions comes back.</param>
    /// <param name="Services">1 to 20 services of the provider; a session may be any of them.</param>
    /// <param name="Revision">With a change: the one that was seen.</param>
    public sealed record Body(string Name, int Sessions, Amount Price, int ValidDays, int UnusedBackPercent, IReadOnlyList<ServiceId> Services, string? NameAr = null, bool Active = true, int? Revision = null);

    internal static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/providers/me/packages", async (Body body, Caller caller, Database database, CancellationToken stop) => (await AddOwn(database, caller, body, stop)).ToHttp(success: 201))
            .WithName("AddPackage").RequiresSignIn().ChecksSessionRow().Produces<PackageView>(201);
        api.MapPut("/providers/me/packages/{id}", async (PackageId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Change(database, caller, id, body, stop)).ToHttp())
            .WithName("ChangePackage").RequiresSignIn().ChecksSessionRow().Produces<PackageView>();
        api.MapPost("/admin/providers/{id}/packages", async (ProviderId id, Body body, Caller caller, Database database, CancellationToken stop) => (await AddFor(database, caller, id, body, stop)).ToHttp(success: 201))
            .WithName("AddProviderPackage").Requires(MarketplacePermissions.PackageEdit).Produces<PackageView>(201);
        api.MapPut("/admin/packages/{id}", async (PackageId id, Body body, Caller caller, Database database, CancellationToken stop) => (await Change(database, caller, id, body, stop)).ToHttp())
            .WithName("ChangeAnyPackage").Requires(MarketplacePermissions.PackageEdit).Produces<PackageView>();
    }

    public static async Task<Result<PackageView>> AddOwn(Database database, Caller caller, Body body, CancellationToken stop) =>
        await ProviderRows.OfCaller(database, caller, stop) is { } provider ? await Add(database, caller, provider.Id, body, stop) : MarketplaceRefusals.NotAProvider;

    /// <summary>By staff, for a provider.</summary>
    public static async Task<Result<PackageView>> AddFor(Database database, Caller caller, ProviderId provider, Body body, CancellationToken stop) =>
        await ProviderRows.Find(database, provider, stop) is not null ? await Add(database, caller, provider, body, stop) : MarketplaceRefusals.ProviderNotFound;

    private static async Task<Result<PackageView>> Add(Database database, Caller caller, ProviderId provider, Body given, CancellationToken stop)
    {
        var body = Clean(given);
        if (Objections(body) is { Count: > 0 } fields) return FoundationRefusals.InvalidInput.With(("fields", fields));
        var added = await database.InTransaction<Result<PackageId>>(async tx =>
        {
            await tx.Change("select 1 from marketplace.providers where id = @provider for no key update", new { provider });
            if (await tx.Get<long>("select count(*) from marketplace.packages where provider_id = @provider and active", new { provider }) >= MostPackages) return MarketplaceRefusals.TooManyPackages.With(("atMost", MostPackages));
            if (await Foreign(tx, provider, body)) return MarketplaceRefusals.PackageServicesInvalid;
            var id = tx.NewId<PackageId>();
            await tx.ChangeOne(Insert, Args(id, provider, body, tx.Now));
            await tx.Change(InsertServices, new { id, services = body.Services.ToArray() });
            await tx.Audit(caller, "package.added", "package", id.ToString(), after: body);
            return id;
        }, stop);
        return added.Is(out var made, out var refusal) ? await Show(database, made, stop) : refusal;
    }

    /// <summary>By its provider or by staff.</summary>
    public static async Task<Result<PackageView>> Change(Database database, Caller caller, PackageId id, Body given, CancellationToken stop)
    {
        var body = Clean(given);
        var changed = await database.InTransaction<Result<Done>>(async tx =>
        {
            if (await tx.Find<Package>(PackageRows.Select + " where k.id = @id for update of k", new { id }) is not { } before
                || !(caller.Is(before.ProviderAccountId) || caller.May(MarketplacePermissions.PackageEdit))) return MarketplaceRefusals.PackageNotFound;
            if (Objections(body) is { Count: > 0 } fields) return FoundationRefusals.InvalidInput.With(("fields", fields));
            if (body.Revision != before.Revision) return MarketplaceRefusals.PackageChanged.With(("revision", before.Revision));
            if (await Foreign(tx, before.ProviderId, body)) return MarketplaceRefusals.PackageServicesInvalid;
            await tx.ChangeOne(Update, Args(id, before.ProviderId, body, tx.Now));
            await tx.Change("delete from marketplace.package_services where package_id = @id", new { id });
            await tx.Change(InsertServices, new { id, services = body.Services.ToArray() });
            await tx.Audit(caller, "package.changed", "package", id.ToString(), before: new { before.Name, before.Sessions, before.Price, before.ValidDays, before.UnusedBackPercent, before.Active, services = before.Services }, after: body);
            return default(Done);
        }, stop);
        return changed.Refusal is { } refusal ? refusal : await Show(database, id, stop);
    }

    private static async Task<PackageView> Show(Database database, PackageId id, CancellationToken stop) => (await PackageRows.Show(database, [(await PackageRows.Find(database, id, stop))!], stop))[0];

    private static Body Clean(Body body) => body with
    {
        Name = (body.Name ?? "").Trim(), NameAr = string.IsNullOrWhiteSpace(body.NameAr) ? null : body.NameAr.Trim(), Services = [.. (body.Services ?? []).Distinct()],
    };

    // Names stand in mails and invoices as they are: nothing in them could be hidden.
    private static Dictionary<string, string> Objections(Body body)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (field, text) in new[] { ("name", body.Name), ("nameAr", body.NameAr ?? body.Name) })
        {
            if (text.Length is < 1 or > 120 || text.Any(char.IsControl)) fields[field] = "A name has 1 to 120 characters on one line.";
            else if (ContactDetails.Find(text).Count > 0) fields[field] = "A name takes no phone number, address or link.";
        }
        if (body.Sessions is < 2 or > 100) fields["sessions"] = "A package has 2 to 100 sessions.";
        var least = new Amount(RefundStep.Coarsest(body.Price.Currency) * Math.Max(1L, body.Sessions), body.Price.Currency);
        if (body.Price.Minor <= 0 || body.Price.Minor > MostMinor) fields["price"] = "A price is above zero, in digits such as 12.500.";
        else if (body.Price < least) fields["price"] = $"So many sessions cost at least {least}: each can be refunded alone.";
        if (body.ValidDays is < 1 or > 730) fields["validDays"] = "A package is valid for 1 to 730 days.";
        if (body.UnusedBackPercent is < 0 or > 100) fields["unusedBackPercent"] = "Between 0 and 100 % come back.";
        if (body.Services.Count is < 1 or > MostServices) fields["services"] = "Choose 1 to 20 of your services.";
        return fields;
    }

    private static Task<bool> Foreign(Transaction tx, ProviderId provider, Body body) => tx.Get<bool>("""
        select exists (select 1 from unnest(@services::uuid[]) as t(id) left join marketplace.services s on s.id = t.id and s.provider_id = @provider and s.currency = @currency where s.id is null)
        """, new { provider, services = body.Services.ToArray(), currency = body.Price.Currency });

    private static object Args(PackageId id, ProviderId provider, Body body, DateTimeOffset now) => new
    {
        id, provider, body.Name, body.NameAr, body.Sessions, priceMinor = body.Price.Minor, body.Price.Currency, body.ValidDays, body.UnusedBackPercent, body.Active, revision = body.Revision, now,
    };

    private const string Insert = """
        insert into marketplace.packages (id, provider_id, name, name_ar, sessions, price_minor, currency, valid_days, unused_back_percent, active, created_at)
        values (@id, @provider, @Name, @NameAr, @Sessions, @priceMinor, @Currency, @ValidDays, @UnusedBackPercent, @Active, @now)
        """;

    private const string InsertServices = "insert into marketplace.package_services (package_id, service_id) select @id, t.id from unnest(@services::uuid[]) as t(id)";

    private const string Update = """
        update marketplace.packages set name = @Name, name_ar = @NameAr, sessions = @Sessions, price_minor = @priceMinor, currency = @Currency, valid_days = @ValidDays,
            unused_back_percent = @UnusedBackPercent, active = @Active, revision = revision + 1
        where id = @id and revision = @revision
        """;
}
