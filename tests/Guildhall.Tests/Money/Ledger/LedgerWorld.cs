using Guildhall.Money.Ledger;
using Npgsql;

namespace Guildhall.Tests.Money.Ledger;

/// <summary>Two nodes whose books the test writes itself.</summary>
public class LedgerWorld : MoneyWorld
{
    protected override bool HasSandbox => false;

    internal Task Posts(long minor, (AccountKind, Guid?) debit, (AccountKind, Guid?) credit, string? reference = null, int node = 0, Currency? currency = null) =>
        Data(node).InTransaction(tx => new Journal(reference ?? $"test:{Guid.NewGuid()}", "test").Move(new Amount(minor, currency ?? Kwd), debit, credit).Post(tx));

    internal Task Captures(long minor, int node = 0) => Posts(minor, Book.Clearing, Book.Escrow, node: node);

    /// <summary>Posts with an effective date of its own, as the product's role does.</summary>
    internal async Task<long> PostsAt(DateTimeOffset effective, long minor, DateTimeOffset? posted = null, string reference = "")
    {
        await using var source = NpgsqlDataSource.Create(Database.App);
        await using var command = source.CreateCommand("""
            select money.post_journal($1, 'test', null, $2, $3, array['gateway_clearing', 'escrow'], array[null, null]::uuid[], array['KWD', 'KWD'], array[$4, -$4])
            """);
        foreach (var value in new object[] { reference.Length > 0 ? reference : $"test:{Guid.NewGuid()}", effective.UtcDateTime, (posted ?? Clock.Now).UtcDateTime, minor })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>A posting that has begun and not ended; it commits when told.</summary>
    internal async Task<Writer> Begins(long minor)
    {
        var connection = new NpgsqlConnection(Database.App);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("""
            select money.post_journal($1, 'test', null, $2, $2, array['gateway_clearing', 'escrow'], array[null, null]::uuid[], array['KWD', 'KWD'], array[$3, -$3])
            """, connection, transaction);
        foreach (var value in new object[] { $"late:{Guid.NewGuid()}", Clock.Now.UtcDateTime, minor }) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return new Writer(connection, transaction, (long)(await command.ExecuteScalarAsync())!);
    }

    internal async Task<long> Clearing(DateTimeOffset? at = null, DateTimeOffset? effective = null)
    {
        var view = (await ReadTrialBalance.Run(Data(), at, effective, default)).OrThrow();
        view.Balanced.ShouldBeTrue();
        return view.Rows.SingleOrDefault(r => r.Account is "gateway_clearing" && r.Debit.Currency == Kwd) is { } row ? row.Debit.Minor - row.Credit.Minor : 0;
    }

    internal sealed record Writer(NpgsqlConnection Connection, NpgsqlTransaction Transaction, long Journal) : IAsyncDisposable
    {
        public Task Commits() => Transaction.CommitAsync();

        public async ValueTask DisposeAsync()
        {
            await Transaction.DisposeAsync();
            await Connection.DisposeAsync();
        }
    }
}
