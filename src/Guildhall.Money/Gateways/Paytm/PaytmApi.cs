using System.Net.Http.Headers;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Paytm;

/// <summary>What Paytm answered: its result and the body around it, or nothing that can be believed.</summary>
internal abstract record PaytmAnswer
{
    private PaytmAnswer() { }

    public sealed record Said(string Status, string Code, string Text, JsonElement Body) : PaytmAnswer;

    public sealed record Lost(string Why) : PaytmAnswer;
}

/// <summary>Calls of Paytm: signed JSON, answered by 200 also when refused. A good word is believed only under a signature that holds.</summary>
internal sealed class PaytmApi(GatewayHttp http, PaytmOptions options, TimeProvider clock)
{
    public PartyStatus Status => http.Status;

    public async Task<PaytmAnswer> Post(string path, object body, CancellationToken stop)
    {
        var reply = await http.Send(() =>
        {
            var content = new ByteArrayContent(PaytmEnvelope.Seal(body, options.Key, clock.GetUtcNow()));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, path)) { Content = content };
        }, stop);
        if (reply is not GatewayReply.Answered answered) return new PaytmAnswer.Lost(((GatewayReply.Lost)reply).Why);
        if (PaytmEnvelope.Open(answered.Body, options.Key) is not { } opened || !opened.Body.TryGetProperty("resultInfo", out var result)
            || PaytmEnvelope.Text(result, "resultStatus") is not { } status || PaytmEnvelope.Text(result, "resultCode") is not { } code) return Failed($"{(int)answered.Status} unreadable");
        if (status is "S" or "PENDING" or "TXN_SUCCESS" && !opened.Signed) return Failed("signature");
        if (status is "U" || code is "00000900" or "501" || (int)answered.Status is not 200) return Failed($"{(int)answered.Status} {code}");
        http.Works();
        return new PaytmAnswer.Said(status, code, PaytmEnvelope.Sentence(result, "resultMsg") ?? "", opened.Body);
    }

    private PaytmAnswer.Lost Failed(string why)
    {
        http.Fails(why);
        return new PaytmAnswer.Lost(why);
    }
}
