using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Text;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.Knet;

/// <summary>The pipe between servers: bare tags with number and password in them, bare tags back.</summary>
internal sealed class KnetApi(GatewayHttp http, KnetOptions options)
{
    public PartyStatus Status => http.Status;

    /// <summary>Action 8.</summary>
    public Task<GatewayAnswer<KnetAnswer>> Inquire(KnetReference about, CancellationToken stop) => Send(8, about.Amount, about.Track, about.Track, "TrackID", "", stop);

    /// <summary>Action 2. <c>name</c> is the whole name of the payment, see <see cref="KnetReading"/>.</summary>
    public Task<GatewayAnswer<KnetAnswer>> Refund(string name, string amount, string reference, CancellationToken stop)
    {
        var parts = name.Split('/');
        return parts is [_, _, { Length: > 0 } transaction, ..]
            ? Send(2, amount, transaction, parts[0], "TransID", reference, stop)
            : Send(2, amount, parts[0], parts[0], "TrackID", reference, stop);
    }

    private async Task<GatewayAnswer<KnetAnswer>> Send(int action, string amount, string about, string track, string kind, string reference, CancellationToken stop)
    {
        (string Name, string Value)[] tags =
        [
            ("id", options.TranportalId), ("password", options.TranportalPassword), ("action", action.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("amt", amount),
            ("transid", about), ("trackid", track), ("udf1", reference), ("udf5", kind),
        ];
        var body = Encoding.UTF8.GetBytes(string.Concat(tags.Select(tag => $"<{tag.Name}>{SecurityElement.Escape(tag.Value)}</{tag.Name}>")));
        var reply = await http.Send(() => new HttpRequestMessage(HttpMethod.Post, new Uri(options.Api, "/kpg/tranPipe.htm?param=tranInit&"))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/xml") } },
        }, stop);
        if (reply is not GatewayReply.Answered answered) return new GatewayAnswer<KnetAnswer>.Unknown(((GatewayReply.Lost)reply).Why);
        if (answered.Status != HttpStatusCode.OK) return http.Unknown<KnetAnswer>($"HTTP {(int)answered.Status}");
        var read = KnetAnswer.Read(Encoding.UTF8.GetString(answered.Body));
        if (read.Error is { } error && KnetReading.BlamesSettings(error)) http.Fails(error);
        else if (read is { Error: null, Result: "" }) http.Fails("The answer has no result.");
        else http.Works();
        return new GatewayAnswer<KnetAnswer>.Accepted(read);
    }
}
