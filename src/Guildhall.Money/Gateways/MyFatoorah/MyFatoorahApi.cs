using System.Net.Http.Headers;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Money.Gateways.MyFatoorah;

/// <summary>Calls of MyFatoorah's API: JSON both ways, bearer token, an Idempotency-Key of ours where there is an effect (they keep its answer for 250 minutes).</summary>
internal sealed class MyFatoorahApi(GatewayHttp http, MyFatoorahOptions options)
{
    private const int MostText = 500;

    public PartyStatus Status => http.Status;

    public Task<GatewayAnswer<JsonElement>> Get(string path, CancellationToken stop) => Send(HttpMethod.Get, path, null, null, stop);

    public Task<GatewayAnswer<JsonElement>> Ask(string path, Action<Utf8JsonWriter> body, CancellationToken stop) => Send(HttpMethod.Post, path, body, null, stop);

    public Task<GatewayAnswer<JsonElement>> Post(string path, Action<Utf8JsonWriter> body, string idempotencyKey, CancellationToken stop) => Send(HttpMethod.Post, path, body, idempotencyKey, stop);

    private async Task<GatewayAnswer<JsonElement>> Send(HttpMethod method, string path, Action<Utf8JsonWriter>? body, string? key, CancellationToken stop)
    {
        var bytes = body is null ? null : Write(body);
        var reply = await http.Send(() =>
        {
            var request = new HttpRequestMessage(method, new Uri(options.Api, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Token);
            request.Headers.Accept.ParseAdd("application/json");
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            if (bytes is not null) request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            return request;
        }, stop);
        return reply is GatewayReply.Answered answered ? Read((int)answered.Status, answered.Body) : new GatewayAnswer<JsonElement>.Unknown(((GatewayReply.Lost)reply).Why);
    }

    private static byte[] Write(Action<Utf8JsonWriter> body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }

    // 200 and 201 do not mean that it worked: IsSuccess says so. Only an answer of theirs that blames the request is a refusal; a token that is not
    // taken, a limit or a failure over there says nothing about the effect.
    private GatewayAnswer<JsonElement> Read(int status, byte[] text)
    {
        if (status is not (>= 200 and < 300 or 400 or 404 or 422)) return http.Unknown<JsonElement>($"HTTP {status}");
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            var done = MyFatoorahSignature.Member(document.RootElement, "IsSuccess");
            if (status < 300 && done is { ValueKind: JsonValueKind.True } && MyFatoorahSignature.Member(document.RootElement, "Data") is { } data)
            {
                http.Works();
                return new GatewayAnswer<JsonElement>.Accepted(data.Clone());
            }
            if (done is not { ValueKind: JsonValueKind.False }) return http.Unknown<JsonElement>($"HTTP {status} without a word about success");
            http.Works();
            return Refusal(document.RootElement);
        }
        catch (JsonException) { return http.Unknown<JsonElement>($"HTTP {status}, not JSON"); }
    }

    private static GatewayAnswer<JsonElement>.Refused Refusal(JsonElement body)
    {
        var errors = (MyFatoorahSignature.Member(body, "ValidationErrors") ?? MyFatoorahSignature.Member(body, "FieldsErrors")) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().Take(5).ToArray() : [];
        var code = errors.Select(e => MyFatoorahSignature.Text(MyFatoorahSignature.Member(e, "Name"))).FirstOrDefault(name => name is { Length: > 0 and < 100 }) ?? "refused";
        var said = string.Join(' ', errors.Select(e => MyFatoorahSignature.Text(MyFatoorahSignature.Member(e, "Error"))).Prepend(MyFatoorahSignature.Text(MyFatoorahSignature.Member(body, "Message"))).Where(s => !string.IsNullOrEmpty(s)));
        return new(code, said.Length > MostText ? said[..MostText] : said);
    }
}
