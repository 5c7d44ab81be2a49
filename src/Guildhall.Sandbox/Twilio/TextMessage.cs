using System.Globalization;

namespace Guildhall.Sandbox.Twilio;

/// <summary>A text message as Twilio keeps it.</summary>
/// <param name="WillFail">Told to be undelivered in the end.</param>
internal sealed record TextMessage(string Sid, string Account, string From, string To, string Body, string Status, int? ErrorCode, string? Callback, DateTimeOffset At, bool WillFail = false)
{
    /// <summary>Written by hand, not by an approved template.</summary>
    public bool IsFree { get; init; } = true;

    public bool IsWhatsApp => To.StartsWith(WhatsAppContents.Prefix, StringComparison.Ordinal);

    /// <summary>The phone it comes to, whichever way.</summary>
    public string Phone => IsWhatsApp ? To[WhatsAppContents.Prefix.Length..] : To;

    public static string KeyOf(string number) => "to:" + (number.StartsWith(WhatsAppContents.Prefix, StringComparison.Ordinal) ? number[WhatsAppContents.Prefix.Length..] : number);

    /// <summary>How many parts a phone company charges: 160 letters of the GSM alphabet (153 each when there are more), 70 (67) of any other.</summary>
    public int Segments
    {
        get
        {
            var (one, each) = Body.All(c => c < 128) ? (160, 153) : (70, 67);
            return Body.Length <= one ? 1 : (Body.Length + each - 1) / each;
        }
    }

    /// <summary>The resource as their API answers it.</summary>
    public object OnTheWire() => new
    {
        sid = Sid, account_sid = Account, api_version = "2010-04-01", from = From, to = To, body = Body, status = Status, direction = "outbound-api",
        num_segments = Segments.ToString(CultureInfo.InvariantCulture), num_media = "0", error_code = ErrorCode, error_message = ErrorCode is null ? null : "Not delivered",
        messaging_service_sid = (string?)null, price = (string?)null, price_unit = "USD", date_created = Date(At), date_updated = Date(At), date_sent = (string?)null,
        uri = $"/2010-04-01/Accounts/{Account}/Messages/{Sid}.json", subresource_uris = new { media = $"/2010-04-01/Accounts/{Account}/Messages/{Sid}/Media.json" },
    };

    private static string Date(DateTimeOffset at) => at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000";
}
