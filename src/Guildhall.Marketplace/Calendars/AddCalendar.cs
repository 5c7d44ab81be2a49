using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>A provider names a calendar of theirs elsewhere: its busy times are not offered. Until it was read for the first time nothing is.</summary>
public static class AddCalendar
{
    private const int MostCalendars = 5, MostName = 60;

    /// <param name="Url">Address of an iCalendar file, <c>https://</c> or <c>webcal://</c>.</param>
    public sealed record Body(string Name, string Url);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/providers/me/calendars", async (Body body, Caller caller, Database database, PublicConnect connect, MasterKey key, CancellationToken stop) =>
            (await Run(database, connect, key, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(AddCalendar)).RequiresSignIn().ChecksSessionRow().Produces<ExternalCalendarView>(201);

    public static Task<Result<ExternalCalendarView>> Run(Database database, PublicConnect connect, MasterKey key, Caller caller, Body body, CancellationToken stop) =>
        database.InTransaction(tx => Add(tx, connect, key, caller, body), stop);

    private static async Task<Result<ExternalCalendarView>> Add(Transaction tx, PublicConnect connect, MasterKey key, Caller caller, Body body)
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        var (name, url) = (body.Name.Trim(), body.Url.Trim());
        if (url.StartsWith("webcal://", StringComparison.OrdinalIgnoreCase)) url = "https" + url["webcal".Length..];
        if (name.Length is 0 or > MostName || name.Any(char.IsControl)) return MarketplaceRefusals.CalendarNameInvalid;
        if (connect.Objection(url) is { } wrong) return MarketplaceRefusals.CalendarAddressNotAllowed.Saying(wrong);

        await tx.Change("select 1 from marketplace.providers where id = @Id for update", new { provider.Id });
        if (await tx.Get<long>("select count(*) from marketplace.external_calendars where provider_id = @Id", new { provider.Id }) >= MostCalendars) return MarketplaceRefusals.TooManyCalendars.With(("atMost", MostCalendars));
        var (id, host) = (tx.NewId<ExternalCalendarId>(), new Uri(url).IdnHost);
        await tx.ChangeOne(Insert, new { id, provider = provider.Id, name, host, address = ExternalCalendars.Seal(key, id, url), now = tx.Now });
        await tx.Audit(caller, "calendar.added", "provider", provider.Id.ToString(), after: new { calendar = id, host });
        await tx.Enqueue(new FetchCalendar(id), uniqueKey: id.ToString());
        var ageLimit = TimeSpan.FromHours(await tx.Setting(MarketplaceSettings.CalendarAgeHours));
        return new ExternalCalendar(id, provider.Id, name, host, CalendarState.Waiting, null, null, null).ToView(tx.Now, ageLimit);
    }

    private const string Insert = """
        insert into marketplace.external_calendars (id, provider_id, name, host, address, next_at, created_at) values (@id, @provider, @name, @host, @address, @now, @now)
        """;
}
