using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Guildhall.Foundation.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Tokens;

/// <summary>The public halves of the signing keys (RFC 7517), for whoever wants to check our tokens.</summary>
public static class Jwks
{
    /// <summary>An elliptic key has <c>crv</c>, <c>x</c> and <c>y</c>, an RSA key <c>n</c> and <c>e</c>.</summary>
    public sealed record Key(string Kty, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Crv, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? X,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Y, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? N,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? E, string Use, string Alg, string Kid);
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
        if (key.Algorithm is SigningKey.Rs256)
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
            var numbers = rsa.ExportParameters(includePrivateParameters: false);
            return new Key("RSA", null, null, null, Base64Url.EncodeToString(numbers.Modulus), Base64Url.EncodeToString(numbers.Exponent), "sig", key.Algorithm, key.Kid);
        }
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.PublicKey, out _);
        var point = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return new Key("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), null, null, "sig", key.Algorithm, key.Kid);
    }
}
