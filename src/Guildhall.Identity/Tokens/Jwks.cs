using System.Buffers.Text;
using System.Security.Cryptography;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Tokens;

/// <summary>The public halves of the signing keys (RFC 7517), for whoever wants to check our tokens.</summary>
public static class Jwks
{
    public sealed record Key(string Kty, string Crv, string X, string Y, string Use, string Alg, string Kid);
    public sealed record KeySet(IReadOnlyList<Key> Keys);

    internal static void Map(IEndpointRouteBuilder root) => root
        .MapGet("/.well-known/jwks.json", (SigningKeys keys, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=300";
            return Results.Json(new KeySet([.. keys.Published.Select(Show)]), JsonRules.Options);
        })
        .WithName(nameof(Jwks)).ForAnyone().Produces<KeySet>();

    private static Key Show(SigningKey key)
    {
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new Key("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), "sig", "ES256", key.Kid);
    }
}
