using Npgsql;

namespace Guildhall.Verify;

/// <summary>An entry as it stands, with what its account says it is; null when there is no such account.</summary>
internal sealed record Entry(short No, long Account, string? Kind, Guid? Owner, string? Currency, long Minor);

/// <summary>A journal as it stands.</summary>
internal sealed record Journal(long Id, int Epoch, string Tx, string Reference, string Kind, Guid? Order, DateTime Effective, DateTime? Counted, DateTime Posted, IReadOnlyList<Entry> Entries)
{
    public string Named => $"journal {Id} ({Reference})";
}

/// <summary>Reads the database as it is at one moment.</summary>
internal sealed class BookReader : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private BookReader(NpgsqlConnection connection, NpgsqlTransaction transaction) => (_connection, _transaction) = (connection, transaction);

    public static async Task<BookReader> Open(NpgsqlDataSource source, CancellationToken stop)
    {
        var connection = await source.OpenConnectionAsync(stop);
        var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        var reader = new BookReader(connection, transaction);
        await using var set = reader.Command("set transaction read only");
        await set.ExecuteNonQueryAsync(stop);
        return reader;
    }

    /// <summary>Every row, each as its columns.</summary>
    public async IAsyncEnumerable<object?[]> Rows(string sql, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop, params object[] args)
    {
        await using var command = Command(sql, args);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = await reader.IsDBNullAsync(i, stop) ? null : reader.GetValue(i);
            yield return row;
        }
    }

    /// <summary>Whether there is such a row.</summary>
    public async Task<bool> Any(string sql, CancellationToken stop, params object[] args)
    {
        await using var command = Command(sql, args);
        return await command.ExecuteScalarAsync(stop) is not null;
    }

    /// <summary>Every journal in the order of the seal.</summary>
    public async IAsyncEnumerable<Journal> Journals([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await using var command = Command(JournalsSql);
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var entries = new List<Entry>();
            if (!await reader.IsDBNullAsync(9, stop))
            {
                var (numbers, accounts, minors) = (reader.GetFieldValue<short[]>(9), reader.GetFieldValue<long[]>(10), reader.GetFieldValue<long[]>(11));
                var (kinds, owners, currencies) = (reader.GetFieldValue<string?[]>(12), reader.GetFieldValue<Guid?[]>(13), reader.GetFieldValue<string?[]>(14));
                for (var i = 0; i < numbers.Length; i++) entries.Add(new Entry(numbers[i], accounts[i], kinds[i], owners[i], currencies[i], minors[i]));
            }
            yield return new Journal(reader.GetInt64(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                await reader.IsDBNullAsync(5, stop) ? null : reader.GetGuid(5), reader.GetDateTime(6), await reader.IsDBNullAsync(7, stop) ? null : reader.GetDateTime(7), reader.GetDateTime(8), entries);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, params object[] args)
    {
        var command = new NpgsqlCommand(sql, _connection, _transaction);
        foreach (var arg in args) command.Parameters.Add(new NpgsqlParameter { Value = arg });
        return command;
    }

    private const string JournalsSql = """
        select j.id, j.epoch, j.tx::text, j.reference, j.kind, j.order_id, j.effective_at, j.counted_at, j.posted_at, e.nos, e.accounts, e.minors, e.kinds, e.owners, e.currencies
        from money.journals j left join lateral (
            select array_agg(e.no order by e.no) as nos, array_agg(e.account_id order by e.no) as accounts, array_agg(e.minor order by e.no) as minors,
                array_agg(a.kind order by e.no) as kinds, array_agg(a.owner_id order by e.no) as owners, array_agg(a.currency order by e.no) as currencies
            from money.entries e left join money.accounts a on a.id = e.account_id where e.journal_id = j.id) e on true
        order by j.epoch, j.tx, j.id
        """;
}
