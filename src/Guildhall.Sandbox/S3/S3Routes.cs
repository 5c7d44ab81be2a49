using System.Security.Cryptography;
using System.Xml.Linq;
using Guildhall.Sandbox.State;
using Microsoft.AspNetCore.Http.Features;

namespace Guildhall.Sandbox.S3;

/// <summary>Objects of one bucket by their path: put, get, look and remove, signed or by an address that was signed; errors in S3's XML.</summary>
internal static class S3Routes
{
    private const long MostBytes = 16 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.Map($"/{S3Account.Bucket}/{{**key}}", async (HttpContext http, World world, S3Account bucket) => await Answer(http, world, bucket));
        routes.MapGet("/sandbox/s3/objects", (S3Account bucket) => Control.Control.Json(bucket.All.Select(o => new { o.Key, bytes = o.Content.Length, o.ContentType, sha256 = Convert.ToHexStringLower(SHA256.HashData(o.Content)) })));
    }

    private static async Task<IResult> Answer(HttpContext http, World world, S3Account bucket)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBytes;
        var (faults, key) = (world.Read(w => w.Faults), http.Request.RouteValues["key"]?.ToString() ?? "");
        if (faults.DelayMs > 0) await Task.Delay(faults.DelayMs, http.RequestAborted);
        switch (faults.Storage)
        {
            case StorageFault.Down: return Refused(http, new S3Refusal(503, "SlowDown", "Please reduce your request rate."));
            case StorageFault.Refused: return Refused(http, new S3Refusal(403, "AccessDenied", "Access Denied"));
            case StorageFault.Garbage: return Results.Text("<html>Welcome to the hotel's network</html>", "text/html");
            case StorageFault.Lost: http.Abort(); return Results.Empty;
            case StorageFault.None: break;
        }
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (S3Check.Run(http, body.ToArray()) is { } refusal) return Refused(http, refusal);
        if (key.Length is 0 or > 1024) return Refused(http, new S3Refusal(400, "KeyTooLongError", "Your key is too long"));
        switch (http.Request.Method)
        {
            case "PUT":
                bucket.Put(key, body.ToArray(), http.Request.ContentType ?? "binary/octet-stream");
                http.Response.Headers.ETag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body.ToArray()))[..32]}\"";
                return Results.Empty;
            case "GET" or "HEAD":
                return bucket.Find(key) is { } found ? Results.Bytes(found.Content, found.ContentType) : Refused(http, new S3Refusal(404, "NoSuchKey", "The specified key does not exist."));
            case "DELETE":
                bucket.Remove(key);
                return Results.NoContent();
            default: return Refused(http, new S3Refusal(405, "MethodNotAllowed", "The specified method is not allowed against this resource."));
        }
    }

    private static IResult Refused(HttpContext http, S3Refusal refusal) => Results.Text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + new XElement("Error", new XElement("Code", refusal.Code), new XElement("Message", refusal.Message),
            new XElement("Resource", http.Request.Path.Value), new XElement("RequestId", http.TraceIdentifier)).ToString(SaveOptions.DisableFormatting),
        "application/xml", statusCode: refusal.Status);
}
