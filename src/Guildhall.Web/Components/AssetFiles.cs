using System.IO.Compression;
using System.Security.Cryptography;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Guildhall.Web.Components;

/// <summary>The stylesheet, script and icon, carried inside the program so that they do not depend on the folder it is started in.
/// Each address holds a hash of the content and may be cached forever.</summary>
public static class AssetFiles
{
    private sealed record Asset(string Address, string ContentType, byte[] Plain, byte[] Brotli);

    private static readonly Dictionary<string, Asset> ByName = Load();

    /// <summary>The address of an asset, e.g. <c>guildhall.css</c>; throws when there is none of that name.</summary>
    public static string Address(string name) => ByName[name].Address;

    internal static void Map(IEndpointRouteBuilder app)
    {
        foreach (var asset in ByName.Values)
            app.MapGet(asset.Address, (HttpContext http) => Answer(http, asset)).ForAnyone().Limited(RateClass.None).ExcludeFromDescription();
        // Asked for beside what is no page and cannot name its icon: a feed.
        app.MapGet("/favicon.ico", () => Results.Redirect(Address("favicon.svg"))).ForAnyone().Limited(RateClass.None).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext http, Asset asset)
    {
        http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        http.Response.Headers.Vary = "Accept-Encoding";
        // Public, and a preview that has no origin of its own is drawn with it.
        http.Response.Headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase))
            return Results.Bytes(asset.Plain, asset.ContentType);
        http.Response.Headers.ContentEncoding = "br";
        return Results.Bytes(asset.Brotli, asset.ContentType);
    }

    private static Dictionary<string, Asset> Load()
    {
        const string prefix = "wwwroot/";
        var assembly = typeof(AssetFiles).Assembly;
        var types = new FileExtensionContentTypeProvider();
        var assets = new Dictionary<string, Asset>(StringComparer.Ordinal);
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var plain = new byte[stream.Length];
            stream.ReadExactly(plain);
            var name = resource[prefix.Length..];
            var extension = Path.GetExtension(name);
            var hash = Convert.ToHexStringLower(SHA256.HashData(plain))[..12];
            types.TryGetContentType(name, out var type);
            assets[name] = new($"/assets/{Path.GetFileNameWithoutExtension(name)}.{hash}{extension}", $"{type}; charset=utf-8", plain, Squeeze(plain));
        }
        return assets;
    }

    private static byte[] Squeeze(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var brotli = new BrotliStream(target, CompressionLevel.SmallestSize)) brotli.Write(plain);
        return target.ToArray();
    }
}
