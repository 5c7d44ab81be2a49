using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Marketplace.Calendars;

/// <summary>What a feed holds: a provider's bookings, a customer's, or one booking.</summary>
public enum CalendarKind { Provider, Customer, Booking }

/// <summary>A link that somebody has made. The address itself was shown once; only the hash of its secret is kept.</summary>
/// <param name="Booking">The one booking of a feed of kind <c>booking</c>.</param>
public sealed record CalendarLinkView(CalendarLinkId Id, CalendarKind Kind, BookingId? Booking, DateTimeOffset CreatedAt);

internal sealed record CalendarLink(CalendarLinkId Id, Guid AccountId, CalendarKind Kind, Guid SubjectId, DateTimeOffset CreatedAt)
{
    public CalendarLinkView ToView() => new(Id, Kind, Kind == CalendarKind.Booking ? new BookingId(SubjectId) : null, CreatedAt);
}

/// <summary>256 random bits as 43 letters of base64url. Only their SHA-256 is stored: they are too random to be searched for.</summary>
internal static class FeedSecret
{
    private const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>The hash under which a link is kept; null for what cannot be a secret of ours.</summary>
    public static byte[]? Hash(string text) => text.Length == Length && Base64Url.IsValid(text) ? SHA256.HashData(Encoding.ASCII.GetBytes(text)) : null;
}
