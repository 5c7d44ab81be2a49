using System.Security.Cryptography;
using System.Text;

namespace Guildhall.Sandbox.Aws;

/// <summary>What Signature Version 4 comes to on Amazon's side, under the secret of a key.</summary>
internal static class AwsSecret
{
    /// <param name="scope">Day, region, service and <c>aws4_request</c>, with slashes between them.</param>
    /// <param name="canonical">The request in the one way of writing.</param>
    public static string Signs(string secret, string date, string scope, string canonical)
    {
        var text = string.Join('\n', "AWS4-HMAC-SHA256", date, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        return Convert.ToHexStringLower(Mac(scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), Mac), text));
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
