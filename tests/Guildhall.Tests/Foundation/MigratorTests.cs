using Guildhall.Foundation.Data;

namespace Guildhall.Tests.Foundation;

public sealed class MigratorTests(EmptyDatabase database) : IClassFixture<EmptyDatabase>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        var schemas = await database.Column<string>("select nspname::text from pg_namespace where nspname !~ '^pg_|information_schema|public'");
        foreach (var schema in schemas) await database.Execute($"drop schema {schema} cascade");
        await database.Execute("drop extension if exists btree_gist cascade");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_script_is_applied_once_and_in_order()
    {
        var told = new List<string>();
        (await Migrate(told.Add)).ShouldBeNull();
        told.ShouldBe(Migrator.Scripts.Select(s => s.Name));
        (await Migrate(_ => Assert.Fail("nothing is left to apply"))).ShouldBeNull();
    }

    [Fact]
    public async Task Two_at_once_apply_each_script_once()
    {
        var told = new System.Collections.Concurrent.ConcurrentBag<string>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Migrate(told.Add))));
        answers.ShouldAllBe(a => a == null);
        told.Count.ShouldBe(Migrator.Scripts.Count);
    }

    [Fact]
    public async Task A_script_changed_after_it_was_applied_is_refused_and_nothing_is_changed()
    {
        await Migrate();
        await database.Execute("update foundation.migrations set checksum = 'other' where version = 1");
        await database.Execute("delete from foundation.migrations where version = (select max(version) from foundation.migrations)");
        var before = await database.Count("foundation.migrations");
        (await Migrate()).ShouldNotBeNull().ShouldContain("was changed after it had been applied");
        (await database.Count("foundation.migrations")).ShouldBe(before);
    }

    [Fact]
    public async Task A_newer_schema_is_refused_and_nothing_is_changed()
    {
        await Migrate();
        await database.Execute("insert into foundation.migrations (version, name, checksum) values (9999, '9999_from_the_future', 'x')");
        (await Migrate()).ShouldNotBeNull().ShouldContain("newer schema");
        (await Check()).ShouldNotBeNull().ShouldContain("Start the newer build");
    }

    [Fact]
    public async Task An_older_schema_is_told_apart_from_a_good_one()
    {
        await Migrate();
        (await Check()).ShouldBeNull();
        await database.Execute("delete from foundation.migrations where version = (select max(version) from foundation.migrations)");
        (await Check()).ShouldNotBeNull().ShouldContain("guildhall migrate");
    }

    private Task<string?> Migrate(Action<string>? told = null) =>
        Migrator.Migrate(new Npgsql.NpgsqlConnectionStringBuilder(database.Owner) { Pooling = false }.ConnectionString, TestRun.AppRole, told ?? (_ => { }));

    private async Task<string?> Check()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddFoundation(new FoundationOptions(database.App, "check", Sandbox: false, RunsJobs: false, new Guildhall.Foundation.Security.MasterKey(World.MasterKey)));
        await using var built = services.BuildServiceProvider();
        return await Migrator.Check(built.GetRequiredService<Database>());
    }
}
