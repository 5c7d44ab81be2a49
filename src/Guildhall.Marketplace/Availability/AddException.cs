using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Availability;

/// <summary>Adds an exception to the caller's weekly hours: a closed date, or other hours that replace those of its weekday. A date with
/// several windows has several exceptions.</summary>
public static class AddException
{
    private const int MaxNote = 200;

    /// <param name="From">Both or neither; without them the date is closed.</param>
    public sealed record Body(DateOnly Date, string? From = null, string? Until = null, string Note = "");

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/providers/me/exceptions", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(AddException)).RequiresSignIn().Produces<ExceptionView>(201);

    public static Task<Result<ExceptionView>> Run(Database database, Caller caller, Body body, CancellationToken stop) => database.InTransaction(tx => Add(tx, caller, body), stop);

    private static async Task<Result<ExceptionView>> Add(Transaction tx, Caller caller, Body body)
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        Window? window = null;
        if (body.From is not null || body.Until is not null)
        {
            if (!Window.TryParse(body.From, body.Until, out var parsed)) return MarketplaceRefusals.HoursInvalid;
            window = parsed;
        }
        if (body.Date.Year is < 2000 or > 2100 || body.Note.Length > MaxNote || body.Note.Any(char.IsControl)) return MarketplaceRefusals.HoursInvalid;

        var exception = new HourException(tx.NewId<ExceptionId>(), body.Date, window?.FromMinute, window?.UntilMinute, body.Note);
        var added = await tx.Attempt(() => tx.ChangeOne(Insert, new { exception.Id, provider = provider.Id, exception.Date, exception.FromMinute, exception.UntilMinute, exception.Note }), "23P01");
        if (!added) return MarketplaceRefusals.ExceptionOverlaps;
        var view = ReadHours.Show(exception);
        await tx.Audit(caller, "hours.exception_added", "provider", provider.Id.ToString(), after: view);
        return view;
    }

    private const string Insert = """
        insert into marketplace.hour_exceptions (id, provider_id, date, from_minute, until_minute, note) values (@Id, @provider, @Date, @FromMinute, @UntilMinute, @Note)
        """;
}
