using System.Net.Http.Headers;
using System.Text;
using Guildhall.Files.Storage;
using Guildhall.Foundation.Http;

namespace Guildhall.Tests.Files;

/// <summary>Programs of other people: s3rver takes what we send (it does not check signatures of version 4), aws4 signs as we do.</summary>
[Covers("A-2")]
public sealed class S3PeerTests
{
    [Fact]
    public async Task Another_server_of_S3_keeps_what_we_put_by_call_and_by_address()
    {
        await using var peer = await Peers.Serve("s3rver");
        var options = new S3Options(peer.Address, "guildhall-test", "us-east-1", "S3RVER", "S3RVER", "shop/");
        using var http = S3Store.Client();
        var store = new S3Store(http, options);
        var words = Encoding.UTF8.GetBytes(FileTalk.Words);
        await store.Put("files/one", words, "text/plain", default);
        (await store.Get("files/one", 1000, default)).ShouldBe(words);
        (await store.Get("files/none", 1000, default)).ShouldBeNull();

        var put = store.Presign("incoming/two", "text/plain", words.Length, TimeSpan.FromMinutes(15))!;
        (await Puts(http, put.Url, words, "text/plain")).ShouldBe(200);
        (await store.Get("incoming/two", 1000, default)).ShouldBe(words);

        await store.Remove("files/one", default);
        await store.Remove("files/one", default);
        (await store.Get("files/one", 1000, default)).ShouldBeNull();
        var elsewhere = new S3Store(S3Store.Client(), options with { Bucket = "another-bucket" });
        (await Should.ThrowAsync<StoreAwayException>(() => elsewhere.Get("incoming/two", 1000, default))).Message.ShouldBe("404 NoSuchBucket");
    }

    [Theory]
    [InlineData("/bucket/shop/incoming/upl_01k9", "text/plain", "12")]
    [InlineData("/bucket/incoming/upl_01k9", "image/png", "10485760")]
    [InlineData("/bucket/a.b-c~d/e", "application/pdf", "1")]
    public async Task Another_program_signs_the_same_address(string path, string type, string length)
    {
        var at = new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["content-type"] = type, ["content-length"] = length };
        var theirs = await Peers.Ask("aws4", new
        {
            method = "PUT", host = "s3.example.test", path = $"{path}?X-Amz-Date={AwsSignature.Stamp(at)}&X-Amz-Expires=900", headers, key = "AKEY", secret = "a/secret+of=ours", region = "auto", inAddress = true,
        });
        var ours = new AwsSignature("AKEY", "a/secret+of=ours", "auto", "s3").Presign("PUT", path, new Dictionary<string, string>(headers, StringComparer.Ordinal) { ["host"] = "s3.example.test" }, at, TimeSpan.FromMinutes(15));
        Part(ours, "X-Amz-Signature").ShouldBe(Part(theirs.GetString()!, "X-Amz-Signature"));
        Part(ours, "X-Amz-SignedHeaders").ShouldBe(Part(theirs.GetString()!, "X-Amz-SignedHeaders"));
    }

    [Fact]
    public async Task Another_program_signs_the_same_call()
    {
        var at = new DateTimeOffset(2026, 11, 29, 10, 0, 0, TimeSpan.Zero);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["content-type"] = "text/plain", ["host"] = "s3.example.test", ["x-amz-content-sha256"] = new string('a', 64), ["x-amz-date"] = AwsSignature.Stamp(at),
        };
        var theirs = await Peers.Ask("aws4", new { method = "PUT", host = "s3.example.test", path = "/bucket/files/upl_01k9", headers, key = "AKEY", secret = "secret", region = "eu-central-1", inAddress = false });
        new AwsSignature("AKEY", "secret", "eu-central-1", "s3").Authorize("PUT", "/bucket/files/upl_01k9", [], headers, new string('a', 64), at).ShouldBe(theirs.GetString());
    }

    private static string Part(string query, string name) => query[(query.IndexOf(name + "=", StringComparison.Ordinal) + name.Length + 1)..].Split('&')[0];

    private static async Task<int> Puts(HttpClient http, Uri address, byte[] bytes, string type)
    {
        using var answer = await http.PutAsync(address, new ByteArrayContent(bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } });
        return (int)answer.StatusCode;
    }
}
