using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Guildhall.Content.Site;

/// <summary>A public answer that may be kept by anybody and is asked about every time, so that what is withdrawn is gone at once: its ETag is a hash of the answer itself, and an answer that is the same is 304.</summary>
internal sealed class Cached(byte[] body, string contentType) : IResult
{
    public static IResult Json<T>(Result<T> result) => result.Is(out var value, out var refusal) ? new Cached(JsonSerializer.SerializeToUtf8Bytes(value, JsonRules.Options), "application/json; charset=utf-8") : refusal.ToHttp();

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        var tag = new EntityTagHeaderValue($"\"{Base64Url.EncodeToString(SHA256.HashData(body).AsSpan(0, 16))}\"");
        response.Headers.CacheControl = "public, no-cache";
        response.Headers.ETag = tag.ToString();
        if (EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var known) && known.Any(k => k.Equals(EntityTagHeaderValue.Any) || k.Compare(tag, useStrongComparison: false)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
