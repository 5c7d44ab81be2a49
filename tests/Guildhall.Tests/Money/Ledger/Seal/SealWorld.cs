using Guildhall.Foundation.Security;
using Guildhall.Money.Ledger.Seal;
using Guildhall.Verify;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Money.Ledger.Seal;

/// <summary>A ledger whose seal is made when the test says so, with a file of checkpoints outside the database.</summary>
public class SealWorld : LedgerWorld
{
    internal string File { get; } = Path.Combine(Path.GetTempPath(), $"guildhall-checkpoints-{Guid.NewGuid():n}.jsonl");

    protected override string Role(int node) => "web";

    internal override HostSettings Configure(HostSettings settings, int node) => base.Configure(settings, node) with { LedgerCheckpoints = node == 0 ? File : null };

    internal async Task<int> Seals(int node = 0)
    {
        await OthersAreDone();
        var (all, some) = (0, 0);
        do all += some = await Data(node).InTransaction(SealLedger.Run); while (some > 0);
        return all;
    }

    // A transaction of another test that ends while the horizon is looked for may hold it back until the next look: older ones are let end first.
    private Task OthersAreDone() => Eventually.True(async () => await Database.Count(Older, await Database.Value<string>("select pg_current_xact_id()::xid::text")) == 0, async () =>
        "Transactions of other tests do not end.", TimeSpan.FromMinutes(2));

    private const string Older = "pg_stat_activity where datname <> current_database() and backend_xid is not null and age(backend_xid) >= age($1::xid)";

    internal Task<bool> Signs(MasterKey? master = null) => Data().InTransaction(tx => SignCheckpoint.Run(tx, master ?? Get<MasterKey>(), TimeSpan.Zero));

    /// <summary>Seals, signs, and has it written to the file.</summary>
    internal async Task SealsSignsAndWrites()
    {
        await Seals();
        await Signs();
        await Get<CheckpointFile>().Append(default);
        Get<CheckpointFile>().Problem.ShouldBeNull();
    }

    /// <summary>Runs <c>guildhall verify</c> as the owner; answers its exit code and words.</summary>
    internal Task<(int Code, string Says)> Verifies(bool withFile = true) =>
        Runs(withFile ? ["--database", Database.Owner, "--checkpoints", File] : ["--database", Database.Owner]);

    internal static async Task<(int Code, string Says)> Runs(params string[] args)
    {
        var words = new StringWriter();
        var code = await VerifyCommand.Run(args, words);
        return (code, words.ToString());
    }

    internal async Task AsOwner(string sql, params object[] args)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(Database.Owner);
        await using var command = source.CreateCommand(sql);
        foreach (var arg in args) command.Parameters.Add(new Npgsql.NpgsqlParameter { Value = arg });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Many journals in one statement, as the product's role posts them.</summary>
    internal Task PostsMany(int count) => AsOwner($"""
        select money.post_journal('many:' || n || ':' || clock_timestamp(), 'test', null, now(), now(), array['gateway_clearing', 'escrow'], array[null, null]::uuid[], array['KWD', 'KWD'], array[n, -n])
        from generate_series(1, {count}) n
        """);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        System.IO.File.Delete(File);
        GC.SuppressFinalize(this);
    }
}
