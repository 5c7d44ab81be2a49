using Guildhall.Files.Scan;
using Guildhall.Files.Storage;

namespace Guildhall.Tests.Files;

[Covers("O-1")]
public sealed class FilesCircuitTests
{
    private const string Rests = "Nothing is tried for now";

    [Fact]
    public async Task A_bucket_that_does_not_answer_is_left_alone_after_eight_calls()
    {
        using var http = S3Store.Client();
        var store = new S3Store(http, new S3Options(new Uri($"http://127.0.0.1:{Ports.Free()}"), "bucket", "auto", "id", "secret"));
        for (var i = 0; i < 8; i++) (await Should.ThrowAsync<StoreAwayException>(() => store.Get("key", 10, default))).Message.ShouldNotContain(Rests);
        (await Should.ThrowAsync<StoreAwayException>(() => store.Get("key", 10, default))).Message.ShouldStartWith(Rests);
        (store.Status.Available, store.Status.LastError, store.Status.FailingSince is null).ShouldBe((false, "HttpRequestException", false));
    }

    [Fact]
    public async Task A_scanner_that_does_not_answer_is_left_alone_after_eight_files()
    {
        var scanner = new Clamd(new ClamdOptions("127.0.0.1", Ports.Free(), null));
        for (var i = 0; i < 8; i++) ((ScanAnswer.Unknown)await scanner.Scan("words"u8.ToArray(), default)).Why.ShouldBe("SocketException");
        ((ScanAnswer.Unknown)await scanner.Scan("words"u8.ToArray(), default)).Why.ShouldStartWith(Rests);
        (scanner.Status.Available, scanner.Status.FailingSince is null).ShouldBe((false, false));
    }
}
