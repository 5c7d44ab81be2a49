using System.IO.Pipelines;
using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Reconciliation;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>Uploads whose client or node goes away in the middle.</summary>
public sealed class EndUploadsTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.SettlesDown();

    private static byte[] Rows(int count, string mark) =>
        Encoding.UTF8.GetBytes("id,kind,currency,amount,at\n" + string.Concat(Enumerable.Range(0, count).Select(i => $"{mark}{i},other,KWD,1,2026-01-01\n")));

    private Task<string> StateOf(string name) => world.Database.Value<string>("select state || ' ' || coalesce(note, '') from money.reconciliations where name = $1", name);

    private Task<Result<ReceiveReport.View>> Give(string name, Stream body, int node = 0) =>
        ReceiveReport.Run(world.Data(node), MoneyWorld.Staff, "stripe", ReportFormat.PlainCsv, name, hold: true, body, default);

    private Task Sweep(int node = 0) => EndUploads.Run(new JobContext(1, 1, 12, world.Data(node), world.Node(node).Services, default), new EndUploads());

    private Task<long> Staged(string name) => world.Database.Count("money.report_staged where reconciliation_id = (select id from money.reconciliations where name = $1)", name);

    // An upload that has written its first rows and then hangs; the writer goes on with it or breaks it.
    private async Task<(Task<Result<ReceiveReport.View>> Upload, PipeWriter Client)> Hangs(string name)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        var upload = Task.Run(() => Give(name, pipe.Reader.AsStream()));
        await pipe.Writer.WriteAsync(Rows(StageReport.BatchRows + 10, name));
        await Eventually.True(async () => await Staged(name) == StageReport.BatchRows, "The first rows were not written.");
        return (upload, pipe.Writer);
    }

    [Fact]
    [Covers("M-19")]
    public async Task An_upload_whose_client_goes_away_is_lost_at_once_and_the_same_file_can_be_given_in_again()
    {
        var (upload, client) = await Hangs("gone");
        await client.CompleteAsync(new IOException("The connection was reset."));
        await Should.ThrowAsync<IOException>(upload);
        (await StateOf("gone")).ShouldStartWith("lost The upload was cut off.");
        (await Staged("gone")).ShouldBe(0);
        var again = (await Give("again", new MemoryStream(Rows(3, "gone")), node: 1)).OrThrow();
        (again.Known, again.Rows, again.State).ShouldBe((false, 3, "held"));
    }

    [Fact]
    [Covers("M-19")]
    public async Task An_upload_whose_node_died_is_ended_when_it_has_not_written_in_time_and_not_before()
    {
        var (upload, client) = await Hangs("dead");
        await Sweep(1);
        (await StateOf("dead")).ShouldBe("receiving ");
        await world.Database.Execute("update money.reconciliations set lease_until = now() - interval '1 second' where name = 'dead'");
        await Task.WhenAll(Sweep(), Sweep(1));
        (await StateOf("dead")).ShouldStartWith("lost ");
        (await Staged("dead")).ShouldBe(0);

        // It was not dead after all: what it brings now is not taken, and it is told so.
        await client.WriteAsync(Encoding.UTF8.GetBytes("late,other,KWD,1,2026-01-01\n"));
        await client.CompleteAsync();
        await Should.ThrowAsync<ChangedElsewhereException>(upload);
        (await StateOf("dead")).ShouldStartWith("lost ");
        (await Staged("dead")).ShouldBe(0);
    }

    [Fact]
    public async Task What_an_ended_run_left_behind_when_it_was_cut_off_in_turn_is_swept()
    {
        (await Give("left", new MemoryStream(Rows(4, "left")))).OrThrow();
        await world.Database.Execute("update money.reconciliations set state = 'discarded' where name = 'left'");
        await Sweep();
        (await Staged("left")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-19")]
    public async Task A_preview_waits_for_its_person_for_as_long_as_it_takes()
    {
        (await Give("held", new MemoryStream(Rows(2, "held")))).OrThrow();
        await world.Clock.Passes(30.Days());
        await Sweep();
        (await StateOf("held")).ShouldBe("held ");
        (await Staged("held")).ShouldBe(2);
    }
}
