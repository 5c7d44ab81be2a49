using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Email.Ses;

/// <summary>Amazon SES, version 2: the whole mail as we wrote it. SES puts a Message-ID of its own on it and knows no key for repeats, so a call whose answer is lost is never
/// made again.</summary>
internal sealed class SesSender(ProviderHttp http, SesOptions options, TimeProvider clock) : IMailSender
{
    public const string Called = "ses";

    /// <summary>The tag that comes back with every event of a configuration set.</summary>
    public const string DeliveryTag = "delivery";

    private const string Json = "application/json";

    // Refusals that are about us, not about the mail: another sender may take it.
    private static readonly string[] OurFault =
        ["MailFromDomainNotVerifiedException", "AccountSuspendedException", "SendingPausedException", "NotFoundException", "AccessDeniedException"];

    private readonly AwsSignature _signature = new(options.KeyId, options.Secret, options.Region, "ses");

    public string Name => Called;
    public bool KeepsMessageId => false;
    public TimeSpan? RestsFor => http.RestsFor;

    public async Task<MailAnswer> Send(OutgoingMail mail, CancellationToken stop)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Body(mail));
        var address = new Uri(options.Api, "/v2/email/outbound-emails");
        var now = clock.GetUtcNow();
        var signed = new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = Json, ["host"] = address.Authority, ["x-amz-date"] = AwsSignature.Stamp(now) };
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", signed["x-amz-date"]);
        request.Headers.TryAddWithoutValidation("Authorization", _signature.Authorize("POST", address.AbsolutePath, [], signed, Convert.ToHexStringLower(SHA256.HashData(body)), now));
        return await http.Send(request, stop) switch
        {
            ProviderReply.Answered answer => Read(answer),
            ProviderReply.Lost lost => new MailAnswer(lost.NeverSent ? MailOutcome.Deferred : MailOutcome.Unknown, lost.Why, Rests: lost.Rests),
            _ => throw new InvalidOperationException("There are two kinds of replies."),
        };
    }

    private Dictionary<string, object> Body(OutgoingMail mail)
    {
        var body = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["FromEmailAddress"] = mail.From,
            ["Destination"] = new { ToAddresses = new[] { mail.To } },
            ["Content"] = new { Raw = new { Data = Convert.ToBase64String(Encoding.UTF8.GetBytes(MailText.Compose(mail))) } },
            ["EmailTags"] = new[] { new { Name = DeliveryTag, Value = mail.Delivery.ToString() } },
        };
        if (options.ConfigurationSet is { } set) body["ConfigurationSetName"] = set;
        return body;
    }

    // Their errors have a name; an answer without one may come from a machine between us that has passed the mail on.
    private static MailAnswer Read(ProviderReply.Answered answer)
    {
        var error = (answer.Header("x-amzn-ErrorType") ?? answer.Text("__type"))?.Split(':')[0].Split('#')[^1];
        var reply = $"{answer.Code} {error} {answer.Text("message") ?? answer.Text("Message")}".TrimEnd();
        if (answer.Status is HttpStatusCode.OK)
            return answer.Text("MessageId") is { Length: > 0 } id ? new MailAnswer(MailOutcome.Accepted, "200", id.Length <= 64 ? id : null) : new MailAnswer(MailOutcome.Unknown, reply);
        var outcome = answer.Status switch
        {
            HttpStatusCode.TooManyRequests => MailOutcome.Deferred,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => MailOutcome.NotLetIn,
            _ when answer.Code is < 400 or >= 500 || error is null => MailOutcome.Unknown,
            _ when error is "LimitExceededException" or "ThrottlingException" => MailOutcome.Deferred,
            _ when OurFault.Contains(error, StringComparer.Ordinal) => MailOutcome.NotLetIn,
            _ => MailOutcome.Refused,
        };
        return new MailAnswer(outcome, reply);
    }
}
