namespace Guildhall.Tests.Deploy;

/// <summary>What is put on other machines.</summary>
public sealed class PackagingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact, Covers("O-8")]
    public async Task A_backup_comes_back_counted_proven_and_held_and_a_changed_one_does_not()
    {
        await database.Execute("insert into foundation.jobs (kind, payload, run_at, created_at, max_attempts) values ('kept', '{}', now(), now(), 1)");
        await using var copy = new EmptyDatabase();
        await copy.InitializeAsync();
        var folder = Directory.CreateTempSubdirectory("guildhall-backup");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GUILDHALL_DATABASE"] = database.App, ["GUILDHALL_DATABASE_OWNER"] = database.Owner };
        try
        {
            (await Shell.Bash($"./db backup '{folder}/one.dump'", environment)).ShouldContain("rows");
            (await Shell.Bash($"./db restore --no-build '{folder}/one.dump' {copy.Name}", environment)).ShouldContain("The copy is proven and held");
            (await copy.Count("foundation.jobs where kind = 'kept'")).ShouldBe(1);
            (await copy.Value<string>("select held_why from foundation.home")).ShouldBe("restored from one.dump");
            (await Shell.Bash($"! ./db restore --no-build '{folder}/one.dump' {copy.Name} 2>&1", environment)).ShouldContain("is not empty: nothing was touched");
            await Shell.Bash($"./db release {copy.Name} 'the original is lost'", environment);
            (await copy.Value<string>("select released_why from foundation.home where held_at is null")).ShouldBe("the original is lost");
            await File.AppendAllTextAsync($"{folder}/one.dump", "x");
            (await Shell.Bash($"! ./db restore --no-build '{folder}/one.dump' other 2>&1", environment)).ShouldContain("its checksum differs");
        }
        finally { folder.Delete(recursive: true); }
    }

    [Fact]
    public async Task The_unit_files_hold_what_systemd_wants()
    {
        if (!File.Exists("/usr/bin/systemd-analyze")) return; // not a machine with systemd
        var folder = Directory.CreateTempSubdirectory("guildhall-units");
        try
        {
            // What is not on this machine (the program, its account) is taken by what is.
            foreach (var unit in new[] { "guildhall.service", "guildhall-migrate.service" })
                await File.WriteAllTextAsync($"{folder}/{unit}", Tree.Read("deploy/systemd/" + unit).Replace("/opt/guildhall/guildhall", "/bin/true", StringComparison.Ordinal)
                    .Replace("WorkingDirectory=/opt/guildhall", "WorkingDirectory=/", StringComparison.Ordinal).Replace("=guildhall\n", "=root\n", StringComparison.Ordinal));
            (await Shell.Bash($"systemd-analyze verify {folder}/guildhall.service {folder}/guildhall-migrate.service 2>&1")).ShouldBeEmpty();
            var exposure = (await Shell.Bash($"systemd-analyze security --offline=true {folder}/guildhall.service")).Split('\n').Last(l => l.Contains("exposure", StringComparison.Ordinal));
            var level = exposure.Split(' ').First(word => word.Contains('.', StringComparison.Ordinal) && char.IsAsciiDigit(word[0]));
            double.Parse(level, System.Globalization.CultureInfo.InvariantCulture).ShouldBeLessThan(2.5);
        }
        finally { folder.Delete(recursive: true); }
    }
}
