using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>The caller's links to feeds, newest first, at most 100.</summary>
public static class ListCalendarLinks
{
    public sealed record View(IReadOnlyList<CalendarLinkView> Items);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/me/calendar-links", async (Caller caller, Database database, CancellationToken stop) => Results.Ok(await Run(database, caller, stop)))
        .WithName(nameof(ListCalendarLinks)).RequiresSignIn().Produces<View>();

    public static async Task<View> Run(Database database, Caller caller, CancellationToken stop) =>
        new([.. (await database.List<CalendarLink>(Mine, new { account = caller.AccountId }, stop)).Select(link => link.ToView())]);

    private const string Mine = """
        select id, account_id, kind, subject_id, created_at from marketplace.calendar_links where account_id = @account order by created_at desc, id limit 100
        """;
}
