using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Marketplace.Calls;

/// <summary>Servers that pass sound and picture on where two browsers do not reach each other, with a credential for this booking alone that ends an hour after it. Without any, only direct
/// connections work, and the answer says so.</summary>
public static class ReadCallServers
{
    private static readonly TimeSpan Least = TimeSpan.FromHours(1);

    /// <param name="Urls">As WebRTC takes them: <c>turn:…</c>, <c>turns:…</c>, <c>stun:…</c>.</param>
    public sealed record Server(IReadOnlyList<string> Urls, string Username, string Credential);

    /// <param name="DirectOnly">No such server is set up: behind some networks a call does not connect.</param>
    public sealed record View(IReadOnlyList<Server> Servers, bool DirectOnly, DateTimeOffset? ExpiresAt);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapGet("/bookings/{id}/call-servers", async (BookingId id, Caller caller, Database database, TurnOptions turn, CancellationToken stop) => (await Run(database, turn, caller, id, stop)).ToHttp())
        .WithName(nameof(ReadCallServers)).RequiresSignIn().NotWhileImpersonating().Produces<View>();

    public static async Task<Result<View>> Run(Database database, TurnOptions turn, Caller caller, BookingId id, CancellationToken stop)
    {
        if (await BookingRows.Find(database, id, stop) is not { } booking || booking.RoleOf(caller) is not (BookingRole.Customer or BookingRole.Provider)) return MarketplaceRefusals.BookingNotFound;
        if (booking.State != BookingState.Confirmed) return MarketplaceRefusals.BookingNotConfirmed.With(("state", booking.State));
        if (!turn.IsSetUp) return new View([], DirectOnly: true, null);
        var now = database.Clock.GetUtcNow();
        var (from, until) = CallRoom.Window(booking);
        if (now < from || now >= until) return MarketplaceRefusals.CallNotNow.With(("from", from), ("until", until));
        var expires = booking.EndsAt > now ? booking.EndsAt + Least : now + Least;
        var (username, credential) = Credential(turn.Secret, expires, id.ToString());
        return new View([new Server(turn.Urls, username, credential)], DirectOnly: false, expires);
    }

    /// <summary>What coturn works out itself with the secret it shares with us (<c>use-auth-secret</c>): the name is the end in Unix seconds, a colon and an id; the password HMAC-SHA1 of the name,
    /// in base 64.</summary>
    internal static (string Username, string Credential) Credential(string secret, DateTimeOffset expires, string id)
    {
        var username = string.Create(CultureInfo.InvariantCulture, $"{expires.ToUnixTimeSeconds()}:{id}");
        return (username, Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(username))));
    }
}
