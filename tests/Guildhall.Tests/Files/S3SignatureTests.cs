using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Files;

/// <summary>The examples that AWS publishes for Signature Version 4 of S3.</summary>
[Covers("A-2")]
public sealed class S3SignatureTests
{
    private const string Host = "examplebucket.s3.amazonaws.com", Nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        Welcome = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    private static readonly DateTimeOffset At = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);
    private static readonly AwsSignature Example = new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1", "s3");

    [Fact]
    public void An_address_that_was_signed_is_the_published_one() => Example.Presign("GET", "/test.txt", Headers(("host", Host)), At, TimeSpan.FromDays(1)).ShouldBe(
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");

    [Fact]
    public void Requests_signed_in_their_headers_are_the_published_ones()
    {
        Sign("GET", "/test.txt", [], Nothing, ("range", "bytes=0-9")).ShouldBe("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
        Sign("PUT", "/test$file.text", [], Welcome, ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")).ShouldBe("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
        Sign("GET", "/", [new("lifecycle", "")], Nothing).ShouldBe("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
        Sign("GET", "/", [new("prefix", "J"), new("max-keys", "2")], Nothing).ShouldBe("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
    }

    [Fact]
    public void A_path_is_encoded_once_and_its_slashes_are_kept() =>
        AwsSignature.Path("/bucket/a b/ü~$'(.txt").ShouldBe("/bucket/a%20b/%C3%BC~%24%27%28.txt");

    private static string Sign(string method, string path, KeyValuePair<string, string>[] query, string hash, params (string Name, string Value)[] more) =>
        Example.Sign(method, path, query, Headers([("host", Host), ("x-amz-content-sha256", hash), ("x-amz-date", "20130524T000000Z"), .. more]), hash, At);

    private static Dictionary<string, string> Headers(params (string Name, string Value)[] headers) => headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.Ordinal);
}
