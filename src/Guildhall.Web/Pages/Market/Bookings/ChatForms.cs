using System.Globalization;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Bookings;

/// <summary>Writing and reading in the chat of a booking.</summary>
internal static class ChatForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/bookings/{id}/messages", "ChatForm", Send).RequiresSignIn();
        app.MapPosted("/bookings/{id}/messages/read", "ChatReadForm", Read).RequiresSignIn();
    }

    private static async Task<IResult> Send(Posted form)
    {
        if (!(await Find(form)).Is(out var booking, out var refusal)) return refusal.ToHttp();
        var body = new SendMessage.Body(form["clientId"], form["text"].ReplaceLineEndings("\n"));
        var sent = await SendMessage.Run(form.Database, form.Get<RateLimits>(), form.Caller, booking.ChatId!.Value, body, form.Stop);
        return sent.Is(out _, out refusal) ? form.Done(Page(booking) + "#chat") : form.Sorry(Page(booking), refusal);
    }

    private static async Task<IResult> Read(Posted form)
    {
        if (!(await Find(form)).Is(out var booking, out var refusal)) return refusal.ToHttp();
        var seq = long.TryParse(form["seq"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var read = await MarkChatRead.Run(form.Database, form.Caller, booking.ChatId!.Value, seq, form.Stop);
        return read.Is(out _, out refusal) ? form.Done(Page(booking) + "#chat") : refusal.ToHttp();
    }

    private static async Task<Result<BookingView>> Find(Posted form)
    {
        var read = await ReadBooking.Run(form.Database, form.Caller, form.Id<BookingId>(), form.Stop);
        return read.Is(out var booking, out var refusal) ? booking.ChatId is null ? MarketplaceRefusals.ChatNotFound : booking : refusal;
    }

    private static string Page(BookingView booking) => booking.Role == BookingRole.Provider ? $"/desk/bookings/{booking.Id}" : $"/bookings/{booking.Id}";
}
