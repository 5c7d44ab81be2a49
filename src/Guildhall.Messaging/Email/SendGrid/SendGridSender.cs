using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Email.SendGrid;

/// <summary>SendGrid's mail send, version 3. It knows no key for repeats, so a call whose answer is lost is never made again: its events name our delivery and settle it.
/// Nothing in a message is tracked or rewritten: there are one-time links in it.</summary>
internal sealed class SendGridSender(ProviderHttp http, SendGridOptions options) : IMailSender
{
    public const string Called = "sendgrid";

    /// <summary>The argument that comes back with every event.</summary>
    public const string DeliveryArgument = "delivery";

    public string Name => Called;
    public bool KeepsMessageId => false;
    public TimeSpan? RestsFor => http.RestsFor;

    public async Task<MailAnswer> Send(OutgoingMail mail, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, "/v3/mail/send")) { Content = JsonContent.Create(Body(mail), options: JsonSerializerOptions.Default) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        return await http.Send(request, stop) switch
        {
            ProviderReply.Answered answer => Read(answer),
            ProviderReply.Lost lost => new MailAnswer(lost.NeverSent ? MailOutcome.Deferred : MailOutcome.Unknown, lost.Why, Rests: lost.Rests),
            _ => throw new InvalidOperationException("There are two kinds of replies."),
        };
    }

    private static object Body(OutgoingMail mail) => new
    {
        personalizations = new[]
        {
            new { to = new[] { mail.ToName.Length == 0 ? (object)new { email = mail.To } : new { email = mail.To, name = mail.ToName } }, custom_args = new Dictionary<string, string> { [DeliveryArgument] = mail.Delivery.ToString() } },
        },
        from = new { email = mail.From },
        subject = mail.Message.Subject,
        content = new[] { new { type = "text/plain", value = mail.Message.Text }, new { type = "text/html", value = mail.Message.Html } },
        headers = MailText.UnsubscribeHeaders(mail).Append(("Auto-Submitted", "auto-generated")).Append(("Content-Language", mail.Message.Language)).ToDictionary(h => h.Item1, h => h.Item2, StringComparer.Ordinal),
        tracking_settings = new
        {
            click_tracking = new { enable = false, enable_text = false }, open_tracking = new { enable = false }, subscription_tracking = new { enable = false }, ganalytics = new { enable = false },
        },
    };

    // A refusal is theirs when it has their list of errors; anything else may come from a machine between us that has passed the message on.
    private static MailAnswer Read(ProviderReply.Answered answer)
    {
        var reply = $"{answer.Code} {Errors(answer)}".TrimEnd();
        return answer.Status switch
        {
            HttpStatusCode.Accepted => new MailAnswer(MailOutcome.Accepted, reply, answer.Header("X-Message-Id") is { Length: > 0 and <= 64 } id ? id : null),
            HttpStatusCode.TooManyRequests => new MailAnswer(MailOutcome.Deferred, reply),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new MailAnswer(MailOutcome.NotLetIn, reply),
            _ => new MailAnswer(answer.Code is >= 400 and < 500 && Errors(answer) is not null ? MailOutcome.Refused : MailOutcome.Unknown, reply),
        };
    }

    private static string? Errors(ProviderReply.Answered answer)
    {
        if (answer.Json is not { ValueKind: JsonValueKind.Object } body || !body.TryGetProperty("errors", out var errors) || errors.ValueKind is not JsonValueKind.Array) return null;
        return string.Join("; ", errors.EnumerateArray().Where(e => e.ValueKind is JsonValueKind.Object).Take(5).Select(e => $"{Word(e, "field")} {Word(e, "message")}".Trim()));

        static string Word(JsonElement error, string name) => error.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";
    }
}
