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

/// <summary>Replaces the caller's weekly hours. Bookings and holds made before stay as they are.</summary>
public static class SetHours
{
    private const int MaxLines = 70;

    public sealed record Body(IReadOnlyList<HoursLine> Weekly);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPut("/providers/me/hours", async (Body body, Caller caller, Database database, CancellationToken stop) => (await Run(database, caller, body, stop)).ToHttp())
        .WithName(nameof(SetHours)).RequiresSignIn().Produces<ReadHours.View>();

    public static async Task<Result<ReadHours.View>> Run(Database database, Caller caller, Body body, CancellationToken stop)
    {
        if (Parse(body) is not { } lines) return MarketplaceRefusals.HoursInvalid;
        var done = await database.InTransaction(tx => Replace(tx, caller, lines), stop);
        return done.Refusal is { } refusal ? refusal : await ReadHours.Run(database, caller, stop);
    }

    private static List<(int Weekday, Window Window)>? Parse(Body body)
    {
        if (body.Weekly.Count > MaxLines) return null;
        var lines = new List<(int Weekday, Window Window)>();
        foreach (var line in body.Weekly)
        {
            if (line is not { Weekday: >= 1 and <= 7 } || !Window.TryParse(line.From, line.Until, out var window)) return null;
            if (lines.Any(l => l.Weekday == line.Weekday && l.Window.FromMinute < window.UntilMinute && window.FromMinute < l.Window.UntilMinute)) return null;
            lines.Add((line.Weekday, window));
        }
        return lines;
    }

    private static async Task<Result<Done>> Replace(Transaction tx, Caller caller, List<(int Weekday, Window Window)> lines)
    {
        if (await ProviderRows.OfCaller(tx, caller) is not { } provider) return MarketplaceRefusals.NotAProvider;
        await tx.Change("select 1 from marketplace.providers where id = @Id for update", new { provider.Id });
        var before = await tx.List<WeeklyHours>(FreeSlots.SelectWeekly, new { provider = provider.Id });
        await tx.Change("delete from marketplace.weekly_hours where provider_id = @Id", new { provider.Id });
        await tx.Change(Insert, new
        {
            provider = provider.Id, weekdays = lines.Select(l => l.Weekday).ToArray(), from = lines.Select(l => l.Window.FromMinute).ToArray(), until = lines.Select(l => l.Window.UntilMinute).ToArray(),
        });
        await tx.Audit(caller, "hours.changed", "provider", provider.Id.ToString(),
            before: before.Select(w => ReadHours.Line(w.Weekday, new Window(w.FromMinute, w.UntilMinute))), after: lines.Select(l => ReadHours.Line(l.Weekday, l.Window)));
        return default(Done);
    }

    private const string Insert = """
        insert into marketplace.weekly_hours (provider_id, weekday, from_minute, until_minute) select @provider, l.w, l.f, l.u from unnest(@weekdays, @from, @until) as l(w, f, u)
        """;
}
