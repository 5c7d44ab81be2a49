using System.Buffers;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Guildhall.Foundation.Http;

/// <summary>Reads its body itself, in a format of its own.</summary>
public sealed record RawBody;

/// <summary>Takes what somebody else's system puts into the address, in whatever shape.</summary>
public sealed record ForeignQuery;

/// <summary>Whether a request can be understood in one way only: nothing is said twice, and the API is spoken to in JSON, as UTF-8 and not compressed, and no longer than the route takes.</summary>
internal static class RequestShape
{
    public static Refusal? Objection(HttpContext http, Endpoint endpoint)
    {
        var request = http.Request;
        if (request.QueryString.HasValue && Twice(request, endpoint) is { } name) return FoundationRefusals.GivenTwice.With(("field", name));
        if (HttpMethods.IsGet(request.Method) || !HasBody(request)) return null;
        if (request.ContentLength > http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize) return FoundationRefusals.BodyTooLarge;
        if (request.Headers.ContentEncoding.Count > 0) return FoundationRefusals.UnsupportedMediaType.With(("field", "Content-Encoding"));
        var isApi = request.IsToApi();
        return isApi && endpoint.Metadata.GetMetadata<RawBody>() is null && !IsJson(request) ? FoundationRefusals.UnsupportedMediaType.With(("field", "Content-Type")) : null;
    }

    /// <summary>A byte order mark before JSON is none of JSON (RFC 8259, 8.1): one reader skips it where another refuses it. Nothing is read away.</summary>
    public static async ValueTask<bool> BeginsWithMark(HttpContext http, Endpoint endpoint)
    {
        if (HttpMethods.IsGet(http.Request.Method) || !http.Request.IsToApi() || !HasBody(http.Request) || endpoint.Metadata.GetMetadata<RawBody>() is not null) return false;
        var body = http.Request.BodyReader;
        var read = await body.ReadAtLeastAsync(Mark.Length, http.RequestAborted);
        var marked = new SequenceReader<byte>(read.Buffer).IsNext(Mark);
        body.AdvanceTo(read.Buffer.Start);
        return marked;
    }

    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    // One of two values would be checked by one part and used by another.
    private static string? Twice(HttpRequest request, Endpoint endpoint)
    {
        if (request.QueryString.Value!.AsSpan().Count('&') == 0 || endpoint.Metadata.GetMetadata<ForeignQuery>() is not null) return null;
        foreach (var (name, values) in request.Query)
            if (values.Count > 1) return name.Length <= 100 ? name : name[..100];
        return null;
    }

    private static bool HasBody(HttpRequest request) => request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0;

    private static bool IsJson(HttpRequest request) =>
        request.Headers.ContentType is [{ } type] && MediaTypeHeaderValue.TryParse(type, out var media)
        && string.Equals(media.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (media.CharSet is null || string.Equals(media.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
}
