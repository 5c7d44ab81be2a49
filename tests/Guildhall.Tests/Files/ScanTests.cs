using System.Net;
using System.Net.Sockets;
using System.Text;
using Guildhall.Files;
using Guildhall.Files.Scan;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Files;

[Covers("A-2", "O-9")]
public sealed class ScanTests(ScanTests.Setup world) : IClassFixture<ScanTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : FilesWorld
    {
        internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { ClamAv = new ClamdOptions("127.0.0.1", Sandbox.Clamd.Port, null) };
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await world.Gateway.AnswersAsUsual();

    [Fact]
    public async Task A_clean_file_is_offered_and_said_to_have_been_looked_at()
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking);
        (await customer.Becomes(signed, "ready")).At("scanned").GetBoolean().ShouldBeTrue();
        (await seller.Person.Fetches(signed)).Must().Text.ShouldBe(FileTalk.Words);
    }

    [Fact]
    public async Task An_infected_file_is_refused_with_its_reason_and_nobody_gets_it()
    {
        var (seller, customer, booking) = await Deal();
        var signed = await customer.PutsIn(booking, Clamd.TestString);
        (await customer.Becomes(signed, "refused")).Word("reason").ShouldBe("infected");
        (await customer.Fetches(signed)).MustRefuse(FilesRefusals.NotReady);
        (await seller.Person.Fetches(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        world.OnDisk.ShouldNotContain("files/" + signed.Word("id"));
    }

    [Theory]
    [InlineData("down"), InlineData("error"), InlineData("garbage")]
    public async Task While_the_scanner_does_not_answer_files_wait_and_none_is_passed(string how)
    {
        var (seller, customer, booking) = await Deal();
        await world.Gateway.Faults(new { scanner = how });
        var signed = await customer.PutsIn(booking);
        await Eventually.True(async () => (await customer.Get($"uploads/{signed.Word("id")}")).Must().Text.Contains("scanner_away", StringComparison.Ordinal), "It does not say that it waits");
        (await customer.Becomes(signed, "checking")).Word("reason").ShouldBe("scanner_away");
        (await seller.Person.Sees(booking)).ShouldBeEmpty();
        (await seller.Person.Fetches(signed)).MustRefuse(FilesRefusals.UploadNotFound);
        world.OnDisk.ShouldNotContain("files/" + signed.Word("id"));
        var staff = await world.Staff();
        var status = await Eventually.Get(async () => (await staff.Get("integrations/status")).Must().Json.EnumerateArray().Single(i => i.Text("name") == "clamav"), s => s.Text("state") is "degraded", "The status does not say it");
        status.Text("usersLose")!.ShouldContain("wait");
        (await staff.Post("integrations/clamav/actions/test")).Must().Word("outcome").ShouldBe("no_answer");

        await world.Gateway.AnswersAsUsual();
        await customer.Waits(1.Minutes());
        await customer.Becomes(signed, "ready");
    }

    [Fact]
    public async Task Staff_try_the_scanner() =>
        (await (await world.Staff()).Post("integrations/clamav/actions/test")).Must().Word("outcome").ShouldBe("works");

    [Theory]
    [InlineData("stream: OK", true)]
    [InlineData("stream: OK ", null)]
    [InlineData("stream: not OK", null)]
    [InlineData("", null)]
    [InlineData("stream:  FOUND", null)]
    [InlineData("stream: Win.Test FOUND", false)]
    [InlineData("INSTREAM size limit exceeded. ERROR", null)]
    public async Task Only_the_very_word_of_a_clean_file_is_believed_over_a_socket_too(string says, bool? clean)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("guildhall-clamd-").FullName, "s");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        var served = Task.Run(async () =>
        {
            using var client = await listener.AcceptAsync();
            await using var stream = new NetworkStream(client);
            await stream.ReadExactlyAsync(new byte["zINSTREAM\0".Length + 4 + 5 + 4]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(says + "\0"));
        });
        var scanner = new Clamd(ClamdOptions.Parse("unix:" + path)!);
        var answer = await scanner.Scan("hello"u8.ToArray(), default);
        (answer switch { ScanAnswer.Clean => true, ScanAnswer.Found => false, _ => (bool?)null }).ShouldBe(clean);
        await served;
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public async Task A_scanner_that_hangs_up_or_is_not_there_is_no_answer()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var hangsUp = Task.Run(async () => (await listener.AcceptSocketAsync()).Close());
        var scanner = new Clamd(new ClamdOptions("127.0.0.1", port, null));
        (await scanner.Scan(new byte[3 * 64 * 1024], default)).ShouldBeOfType<ScanAnswer.Unknown>();
        await hangsUp;
        listener.Stop();
        (await scanner.Scan(new byte[10], default)).ShouldBeOfType<ScanAnswer.Unknown>();
    }

    [Theory]
    [InlineData("tcp://scanner:3310", "scanner", null), InlineData("unix:/run/clamav/clamd.ctl", null, "/run/clamav/clamd.ctl"), InlineData("unix:///run/clamd", null, "/run/clamd")]
    [InlineData("http://scanner:3310", null, null), InlineData("tcp://scanner", null, null), InlineData("scanner", null, null)]
    public void Its_address_is_a_port_or_a_socket(string text, string? host, string? socket)
    {
        var parsed = ClamdOptions.Parse(text);
        (parsed?.Host, parsed?.Socket).ShouldBe((host, socket));
        if (host is null && socket is null) parsed.ShouldBeNull();
    }

    private async Task<(Seller Seller, Person Customer, Answer Booking)> Deal()
    {
        var (seller, customer) = (await world.Provider(), await world.Customer());
        return (seller, customer, await customer.BooksAndPays(seller));
    }
}
