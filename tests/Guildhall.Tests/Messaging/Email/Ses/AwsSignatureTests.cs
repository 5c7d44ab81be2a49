using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Messaging.Email.Ses;

[Covers("N-6")]
public sealed class AwsSignatureTests
{
    private static readonly JsonElement[] Vectors = [.. JsonDocument.Parse(Tree.Read("tests/Guildhall.Tests/Messaging/Email/Ses/aws-sigv4.json")).RootElement.GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Names => [.. Vectors.Select(v => v.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Amazons_own_library_signs_the_same(string name)
    {
        var vector = Vectors.Single(v => v.GetProperty("name").GetString() == name);
        string Word(string field) => vector.GetProperty(field).GetString()!;
        var at = DateTimeOffset.ParseExact(Word("date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var (url, body) = (new Uri(Word("url")), Encoding.UTF8.GetBytes(Word("body")));
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["host"] = url.Authority, ["x-amz-date"] = AwsSignature.Stamp(at) };
        if (vector.GetProperty("content_type").GetString() is { } type) headers["content-type"] = type;
        headers["x-amz-date"].ShouldBe(Word("date"));
        new AwsSignature(Word("key_id"), Word("secret"), Word("region"), Word("service")).Authorize(Word("method"), url.AbsolutePath, [], headers, Convert.ToHexStringLower(SHA256.HashData(body)), at)
            .ShouldBe(Word("authorization"));
    }

    // The example of Amazon's documentation.
    [Fact]
    public void The_key_of_a_day_is_the_documented_one() =>
        Convert.ToHexStringLower(new AwsSignature("", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "us-east-1", "iam").Key(new DateTimeOffset(2015, 8, 30, 0, 0, 0, TimeSpan.Zero)))
            .ShouldBe("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
}
