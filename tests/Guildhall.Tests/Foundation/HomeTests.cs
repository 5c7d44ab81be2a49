using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Foundation;

/// <summary>A node with a job that leaves the process and counts.</summary>
public sealed class CopyWorld : NodesOnly
{
    public int Sent;

    protected override int NodeCount => 1;

    protected override void Adjust(WebApplicationBuilder builder, int node) => builder.Services.AddOutsideJob<SendSomething>((_, _) => { Interlocked.Increment(ref Sent); return Task.CompletedTask; });
}

internal sealed record SendSomething : IJob
{
    public static string Kind => "send_something";
}

[Covers("O-8")]
public sealed class HomeTests(CopyWorld world) : IClassFixture<CopyWorld>
{
    [Fact]
    public async Task A_copy_sends_nothing_is_not_ready_and_ends_until_somebody_releases_it()
    {
        (await Migrator.Check(world.Data())).ShouldBeNull();
        await world.Database.Execute("insert into foundation.migrations (version, name, checksum) values (9999, 'of the next version', '')");
        (await Migrator.Check(world.Data())).ShouldNotBeNull().ShouldContain("newer schema"); // whoever starts
        (await Migrator.Check(world.Data(), mayBeNewer: true)).ShouldBeNull(); // whoever runs
        await world.Database.Execute("delete from foundation.migrations where version = 9999");
        await Home.Hold(world.Database.Owner, "restored from the backup of Monday");
        (await Migrator.Check(world.Data())).ShouldNotBeNull().ShouldStartWith("This database is held (restored from the backup of Monday)");
        await world.Data().InTransaction(tx => tx.Enqueue(new SendSomething()));
        await Eventually.Get(() => world.Visitor().Get("/health/ready"), a => a.Status == 503, "It is ready all the same");
        await Eventually.True(() => Task.FromResult(world.Node(0).Lifetime.ApplicationStopping.IsCancellationRequested), "The node goes on over a copy");
        world.Sent.ShouldBe(0);
        (await world.Database.Count("foundation.jobs where kind = 'send_something' and state = 'ready' and attempts = 0")).ShouldBe(1);

        await Home.Release(world.Database.Owner, "the original is lost");
        (await Migrator.Check(world.Data())).ShouldBeNull();
        (await world.Database.Value<string>("select released_why from foundation.home")).ShouldBe("the original is lost");
    }

    [Fact]
    public async Task On_another_server_it_is_held_without_anybodys_help_and_the_products_role_cannot_release_it()
    {
        await using var copy = new TestDatabase();
        await copy.InitializeAsync();
        await copy.Execute("update foundation.home set cluster = '1'");
        await using var source = Database.Open(copy.App, "copy");
        await using var database = new Database(source, new Guildhall.Foundation.Facts.FactBook([]), new JobBook([]), new Guildhall.Foundation.Http.StreamHints(), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Database>.Instance);
        (await Home.Objection(database, default)).ShouldNotBeNull().ShouldContain("it comes from another server");
        (await copy.RefusedToApp("update foundation.home set cluster = '2'")).ShouldBe("42501");
    }
}
