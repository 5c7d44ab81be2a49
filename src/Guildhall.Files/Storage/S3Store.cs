using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Xml;
using System.Xml.Linq;
using Guildhall.Foundation.Http;

namespace Guildhall.Files.Storage;

/// <summary>A bucket of S3, R2 or whatever speaks like them.</summary>
/// <param name="Endpoint">Where it answers, without the bucket: <c>https://s3.eu-central-1.amazonaws.com</c>, <c>https://ACCOUNT.r2.cloudflarestorage.com</c>.</param>
/// <param name="Region">R2: <c>auto</c>.</param>
/// <param name="Prefix">Before every key, so that one bucket serves several installations; empty or ending with a slash.</param>
public sealed record S3Options(Uri Endpoint, string Bucket, string Region, string KeyId, string Secret, string Prefix = "");

/// <summary>Objects by their path (<c>/bucket/key</c>), signed with Signature Version 4. Twenty seconds a call, eight calls at once. Times are real: the other side
/// refuses what is a quarter of an hour off, whatever the clock of the business says. Written from the documentation, never tried live.</summary>
internal sealed class S3Store(HttpClient http, S3Options options) : IFileStore
{
    private const int AtOnce = 8, MostErrorText = 200;
    private readonly AwsSignature _signature = new(options.KeyId, options.Secret, options.Region, "s3");
    private readonly Circuit _circuit = new(AtOnce);

    public static HttpClient Client() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = AtOnce,
    }) { Timeout = TimeSpan.FromSeconds(20) };

    public string Name => "s3";

    public PartyStatus Status => _circuit.Status;

    public Put? Presign(string key, string contentType, long bytes, TimeSpan lasts)
    {
        var (path, now) = (PathOf(key), TimeProvider.System.GetUtcNow());
        // Signed, so that nothing else and nothing larger can be put there.
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-length"] = bytes.ToString(CultureInfo.InvariantCulture), ["content-type"] = contentType, ["host"] = Host,
        };
        var query = _signature.Presign("PUT", path, headers, now, lasts);
        headers.Remove("host");
        return new Put("PUT", new Uri(Address(path).AbsoluteUri + "?" + query), headers, now + lasts);
    }

    public async Task Put(string key, byte[] content, string contentType, CancellationToken stop)
    {
        var (status, body) = await Send(HttpMethod.Put, key, content, contentType, MostErrorText * 10, stop);
        if (status is not (HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NoContent)) throw Refused(status, body);
        _circuit.Works();
    }

    public async Task<byte[]?> Get(string key, int most, CancellationToken stop)
    {
        var (status, body) = await Send(HttpMethod.Get, key, null, null, Math.Max(most, MostErrorText * 10), stop);
        if (status is HttpStatusCode.NotFound && Code(body) is "NoSuchKey") body = null!;
        else if (status is not HttpStatusCode.OK) throw Refused(status, body);
        _circuit.Works();
        return body;
    }

    public async Task Remove(string key, CancellationToken stop)
    {
        var (status, body) = await Send(HttpMethod.Delete, key, null, null, MostErrorText * 10, stop);
        if (status is not (HttpStatusCode.NoContent or HttpStatusCode.OK) && !(status is HttpStatusCode.NotFound && Code(body) is "NoSuchKey")) throw Refused(status, body);
        _circuit.Works();
    }

    private async Task<(HttpStatusCode Status, byte[] Body)> Send(HttpMethod method, string key, byte[]? content, string? contentType, int most, CancellationToken stop)
    {
        try
        {
            return await _circuit.Run(async token =>
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
                limit.CancelAfter(http.Timeout);
                using var request = Request(method, key, content, contentType);
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                return (answer.StatusCode, await Read(answer, most, limit.Token));
            }, said => (int)said.StatusCode >= 500, stop);
        }
        catch (CircuitOpenException resting) { throw new StoreAwayException(resting.Message); }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException && !stop.IsCancellationRequested) { throw Away(problem.GetType().Name); }
    }

    private StoreAwayException Away(string why)
    {
        _circuit.Fails(why);
        return new StoreAwayException(why);
    }

    private HttpRequestMessage Request(HttpMethod method, string key, byte[]? content, string? contentType)
    {
        var (path, now, hash) = (PathOf(key), TimeProvider.System.GetUtcNow(), Convert.ToHexStringLower(SHA256.HashData(content ?? [])));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = Host, ["x-amz-content-sha256"] = hash, ["x-amz-date"] = AwsSignature.Stamp(now) };
        if (contentType is not null) headers["content-type"] = contentType;
        var request = new HttpRequestMessage(method, Address(path));
        request.Headers.TryAddWithoutValidation("Authorization", _signature.Authorize(method.Method, path, [], headers, hash, now));
        request.Headers.TryAddWithoutValidation("x-amz-content-sha256", hash);
        request.Headers.TryAddWithoutValidation("x-amz-date", headers["x-amz-date"]);
        if (content is not null) request.Content = new ByteArrayContent(content) { Headers = { ContentType = MediaTypeHeaderValue.Parse(contentType!) } };
        return request;
    }

    private static async Task<byte[]> Read(HttpResponseMessage answer, int most, CancellationToken stop)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(stop);
        using var buffer = new MemoryStream();
        var part = new byte[64 * 1024];
        while (buffer.Length <= most && await stream.ReadAsync(part, stop) is > 0 and var read) buffer.Write(part, 0, read);
        if (buffer.Length > most + 1L) buffer.SetLength(most + 1L);
        else if (answer.Content.Headers.ContentLength is { } told && told != buffer.Length && buffer.Length <= most) throw new IOException("The answer was cut off.");
        return buffer.ToArray();
    }

    private StoreAwayException Refused(HttpStatusCode status, byte[] body) => Away($"{(int)status} {Code(body)}".TrimEnd());

    // Only the code: their sentences repeat keys and addresses.
    private static string? Code(byte[] body)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(body), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 64 * 1024 });
            return XDocument.Load(reader).Root?.Elements().FirstOrDefault(e => e.Name.LocalName is "Code")?.Value is { Length: <= MostErrorText } code && code.All(char.IsAsciiLetterOrDigit) ? code : null;
        }
        catch (XmlException) { return null; }
    }

    private string PathOf(string key) => $"/{options.Bucket}/{options.Prefix}{key}";

    private Uri Address(string path) => new(options.Endpoint, AwsSignature.Path(path));

    private string Host => options.Endpoint.IsDefaultPort ? options.Endpoint.Host : $"{options.Endpoint.Host}:{options.Endpoint.Port.ToString(CultureInfo.InvariantCulture)}";
}
