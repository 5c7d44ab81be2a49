using System.Globalization;
using System.Text.RegularExpressions;

namespace Guildhall.Tests.Deploy;

/// <summary>The files of <c>deploy/cluster</c>, which people copy. <c>./drill cluster</c> runs them.</summary>
public sealed partial class ClusterFilesTests
{
    private static string Patroni => Tree.Read("deploy/cluster/patroni.yml");
    private static string Member => Tree.Read("deploy/cluster/member.env.example");

    [Fact]
    public async Task The_balancers_take_their_files()
    {
        if (!File.Exists("/usr/sbin/haproxy")) return; // ./drill cluster installs it
        await Shell.Bash("cd deploy/cluster && export PG_BIND=127.0.0.1:5000 PG1=10.0.1.11 PG2=10.0.1.12 PG3=10.0.1.13 && haproxy -c -f haproxy-postgres.cfg");
        await Shell.Bash("cd deploy/cluster && export WEB_BIND=127.0.0.1:8080 NODE1=10.0.2.1:5080 NODE2=10.0.2.2:5080 && haproxy -c -f haproxy-web.cfg");
    }

    [Fact]
    public void A_leader_has_given_up_before_its_lock_runs_out() => (Number("loop_wait") + 2 * Number("retry_timeout")).ShouldBeLessThanOrEqualTo(Number("ttl"));

    [Fact]
    public void A_commit_waits_for_a_replica_also_when_there_is_none()
    {
        foreach (var line in new[] { "synchronous_mode: true", "synchronous_mode_strict: true", "synchronous_commit: 'on'" }) Patroni.ShouldContain(line);
    }

    // Patroni 3.0.2 takes the lock of another leader when it wakes up, and only over version 3 of etcd's interface.
    [Fact]
    public void The_lock_is_kept_by_version_2_of_etcds_interface()
    {
        Member.ShouldContain("ETCD_ENABLE_V2=true");
        (Patroni + Member).ShouldNotContain("ETCD3");
        Patroni.ShouldNotContain("etcd3");
    }

    [Fact]
    public void Nobody_comes_in_without_a_password_and_encryption() =>
        Rule().Matches(Patroni).Select(r => r.Groups[1].Value).ShouldBe(["hostssl all all all scram-sha-256", "hostssl replication replicator all scram-sha-256"]);

    [Fact]
    public void The_trial_sets_what_the_example_sets()
    {
        var script = Tree.Read("deploy/cluster/try.sh");
        foreach (Match setting in Setting().Matches(Member))
            if (!setting.Value.Contains("_SUPERUSER_", StringComparison.Ordinal) && !setting.Value.Contains("_REPLICATION_", StringComparison.Ordinal) && !setting.Value.Contains("_REWIND_", StringComparison.Ordinal))
                script.ShouldContain(setting.Value);
    }

    private static int Number(string name) => int.Parse(Regex.Match(Patroni, $@"^    {name}: (\d+)$", RegexOptions.Multiline, TimeSpan.FromSeconds(1)).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^    - (host.*)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Rule();

    [GeneratedRegex("^(PATRONI|ETCD)_[A-Z0-9_]+=", RegexOptions.Multiline, 1000)]
    private static partial Regex Setting();
}
