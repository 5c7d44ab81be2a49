using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Suppressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Messaging.Sms.Twilio;

/// <summary>Twilio hands on what people answer to text messages. STOP puts their number on the list of those that nothing is sent to, START takes it off again if that was why it stood there;
/// nothing else is read, and no text is kept. A message counts once: its signature has no time, and an old START must not undo a newer STOP. We answer nothing: Twilio itself confirms both words.</summary>
public static class ReceiveTwilioText
{
    private const int MaxBytes = 32 * 1024, MaxWord = 20;
    private static readonly HashSet<string> Stop = new(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"], StringComparer.OrdinalIgnoreCase),
        Start = new(["START", "YES", "UNSTOP"], StringComparer.OrdinalIgnoreCase);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/webhooks/twilio/messages", async (HttpContext http, Database database, TwilioOptions twilio, MessagingOptions options) => await Run(http, database, twilio, options))
        .WithName(nameof(ReceiveTwilioText)).ForAnyone().Limited(RateClass.Webhook).WithMetadata(new RawBody(), new ForeignQuery());

    private static async Task<IResult> Run(HttpContext http, Database database, TwilioOptions twilio, MessagingOptions options)
    {
        if (!twilio.CanText) return FoundationRefusals.NotFound.ToHttp();
        if (!http.Request.HasFormContentType) return FoundationRefusals.UnsupportedMediaType.ToHttp();
        if (http.Request.ContentLength is not (>= 0 and <= MaxBytes)) return FoundationRefusals.BodyTooLarge.ToHttp();
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        var address = options.Product.GetLeftPart(UriPartial.Authority) + http.Request.Path + http.Request.QueryString;
        if (!TwilioSignature.Fits(twilio.Token, address, http.Request.Headers["X-Twilio-Signature"], form, [])) return MessagingRefusals.StatusNotTrusted.ToHttp();
        if (!string.Equals(form["AccountSid"], twilio.Sid, StringComparison.Ordinal)) return MessagingRefusals.StatusNotTrusted.ToHttp();

        var (sid, from, wants) = (form["MessageSid"].ToString(), form["From"].ToString(), Wants(form["OptOutType"].ToString(), form["Body"].ToString()));
        if (wants is { } wish && sid.Length is > 0 and <= 64 && from.StartsWith('+') && string.Equals(form["To"], twilio.From, StringComparison.Ordinal)) // WhatsApp numbers are another list
            await database.InTransaction(tx => Take(tx, sid, from, wish), http.RequestAborted);
        return Results.Text("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>", "text/xml; charset=utf-8");
    }

    // Their own reading, where the number belongs to a service that reads; else the word alone, as they document it.
    private static bool? Wants(string read, string body)
    {
        var word = read.Length > 0 ? read : body.Trim();
        return word.Length > MaxWord ? null : Stop.Contains(word) ? false : Start.Contains(word) ? true : null;
    }

    private static async Task Take(Transaction tx, string sid, string from, bool start)
    {
        if (await tx.ChangeNow("insert into messaging.text_answers (sid, word, taken_at) values (@sid, @word, @now) on conflict do nothing", new { sid, word = start ? "start" : "stop", now = tx.Now }) == 0) return;
        if (start) await SuppressionList.Take(tx, SuppressionList.Sms, from, SuppressionReason.Unsubscribed);
        else await SuppressionList.PutAnswered(tx, SuppressionList.Sms, from, TwilioApi.Called);
    }
}
