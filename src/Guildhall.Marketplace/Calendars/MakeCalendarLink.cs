using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calendars;

/// <summary>Makes the caller's link to a feed, or renews it: the address before this one leads nowhere from then on. The new address is shown in this answer only.</summary>
public static class MakeCalendarLink
{
    /// <param name="Booking">With kind <c>booking</c>: which one.</param>
    public sealed record Body(CalendarKind Kind, BookingId? Booking = null);

    /// <param name="Url">For a calendar program to subscribe to. Whoever has it reads the feed.</param>
    public sealed record Made(CalendarLinkView Link, string Url);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/me/calendar-links", async (Body body, Caller caller, Database database, MarketplaceOptions options, CancellationToken stop) =>
            (await Run(database, options, caller, body, stop)).ToHttp(success: 201))
        .WithName(nameof(MakeCalendarLink)).RequiresSignIn().ChecksSessionRow().Produces<Made>(201);

    public static Task<Result<Made>> Run(Database database, MarketplaceOptions options, Caller caller, Body body, CancellationToken stop) =>
        database.InTransaction(tx => Make(tx, options, caller, body), stop);

    private static async Task<Result<Made>> Make(Transaction tx, MarketplaceOptions options, Caller caller, Body body)
    {
        if (!(await Subject(tx, caller, body)).Is(out var subject, out var refusal)) return refusal;
        var (secret, account) = (FeedSecret.New(), caller.AccountId!.Value);
        var id = await tx.Get<CalendarLinkId>(Upsert, new { id = tx.NewId<CalendarLinkId>(), account, body.Kind, subject, hash = FeedSecret.Hash(secret), now = tx.Now });
        await tx.Audit(caller, "calendar_link.made", "calendar_link", id.ToString(), after: new { body.Kind, body.Booking });
        return new Made(new CalendarLink(id, account, body.Kind, subject, tx.Now).ToView(), new Uri(options.Url, $"/api/v1/calendars/{secret}.ics").AbsoluteUri);
    }

    private static async Task<Result<Guid>> Subject(Transaction tx, Caller caller, Body body)
    {
        if (caller.AccountId is not { } account) return FoundationRefusals.SignInFirst;
        switch (body.Kind)
        {
            case CalendarKind.Provider:
                return await ProviderRows.OfCaller(tx, caller) is { } provider ? provider.Id.Value : MarketplaceRefusals.NotAProvider;
            case CalendarKind.Booking:
                if (body.Booking is not { } id || await BookingRows.Find(tx, id) is not { } booking) return MarketplaceRefusals.BookingNotFound;
                return booking.RoleOf(caller) is BookingRole.Customer or BookingRole.Provider ? id.Value : MarketplaceRefusals.BookingNotFound;
            default:
                return account;
        }
    }

    private const string Upsert = """
        insert into marketplace.calendar_links (id, account_id, kind, subject_id, token_hash, created_at) values (@id, @account, @Kind, @subject, @hash, @now)
        on conflict (account_id, kind, subject_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at
        returning id
        """;
}
