using System.IO.Compression;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.ResponseCompression;

namespace Guildhall.Web.Host;

/// <summary>Compresses what holds no secret: styles and scripts, and what the API answers to somebody who has not said who they are. Pages never (each holds the token of its forms), nor anything
/// that a session or a token was sent for: the length of what is compressed together with a guess tells a secret (BREACH).</summary>
internal static class Compression
{
    private static readonly string[] Types = ["application/json", "application/problem+json", "text/css", "text/javascript", "image/svg+xml"];

    public static void Add(IServiceCollection services)
    {
        services.AddResponseCompression(compression =>
        {
            compression.EnableForHttps = true;
            compression.MimeTypes = Types;
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }

    public static void Use(WebApplication app) => app.UseWhen(http => HasNoSecret(http.Request), plain => plain.UseResponseCompression());

    private static bool HasNoSecret(HttpRequest request) => HttpMethods.IsGet(request.Method)
        && (IsAsset(request.Path) || request.IsToApi() && request.Headers.Authorization.Count == 0 && request.Headers.Cookie.Count == 0);

    private static bool IsAsset(PathString path) => path.Value is { } value && (value.EndsWith(".css", StringComparison.Ordinal) || value.EndsWith(".js", StringComparison.Ordinal) || value.EndsWith(".svg", StringComparison.Ordinal));
}
