using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Npgsql;
using NpgsqlTypes;

namespace Guildhall.Money.Reconciliation;

/// <summary>Writes the rows of a report to the staging table, some thousands a transaction, and adds up what they say. A row without an id of the
/// reporter's is known by its content: equal ones of one report are told apart by their count.</summary>
internal sealed class StageReport(Database database, Run run)
{
    public const int MaxRows = 2_000_000;
    public const int BatchRows = 25_000;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(30);
    private long _written = Stopwatch.GetTimestamp();

    private readonly List<ReportRow> _batch = new(BatchRows);
    private readonly Dictionary<string, int> _alike = new(StringComparer.Ordinal);
    private readonly HashSet<string> _own = new(StringComparer.Ordinal);
    private readonly Dictionary<Currency, Sums> _sums = [];

    private sealed record Sums(long Rows, long Gross, long Fee, long Net);

    public int Rows { get; private set; }
    public DateTimeOffset? First { get; private set; }
    public DateTimeOffset? Last { get; private set; }

    /// <summary>The currencies of the rows, with how many there are.</summary>
    public IEnumerable<Currency> Currencies => _sums.Keys;

    public async Task Add(ReportRow row, CancellationToken stop)
    {
        if (Rows + _batch.Count >= MaxRows) throw new ReportUnreadableException(Rows + _batch.Count + 1, $"A report has at most {MaxRows} rows.");
        if (run.Side == ReportSide.Bank != row.Kind is ReportKind.Credit or ReportKind.Debit)
            throw new ReportUnreadableException(Rows + _batch.Count + 1, run.Side == ReportSide.Bank ? "This row is not of a bank." : "This row is of a bank, not of a gateway.");
        Take(row);
        if (_batch.Count == BatchRows || Stopwatch.GetElapsedTime(_written) > Beat) await Flush(stop);
    }

    private void Take(ReportRow row)
    {
        _batch.Add(row);
        var (sums, net) = (_sums.GetValueOrDefault(row.Gross.Currency) ?? new Sums(0, 0, 0, 0), row.Net.Minor);
        _sums[row.Gross.Currency] = checked(new Sums(sums.Rows + 1, sums.Gross + row.Gross.Minor, sums.Fee + row.Fee.Minor, sums.Net + net));
        if (First is null || row.At < First) First = row.At;
        if (Last is null || row.At > Last) Last = row.At;
    }

    /// <summary>Writes the batch, and that the upload goes on.</summary>
    public async Task Flush(CancellationToken stop)
    {
        await database.InTransaction(async tx =>
        {
            await tx.ChangeOne("update money.reconciliations set lease_until = @lease, changed_at = @now where id = @Id and state = 'receiving'", new { run.Id, lease = EndUploads.NextLease, now = tx.Now });
            await Write(tx);
        }, stop);
        _written = Stopwatch.GetTimestamp();
    }

    /// <summary>Writes a page of an API in the caller's transaction, which keeps the place it ends at, and adds it to what is known of the run.</summary>
    public async Task Page(Transaction tx, IReadOnlyList<ReportRow> rows)
    {
        Rows = run.Rows;
        foreach (var row in rows) Take(row);
        await Write(tx);
        await Sum(tx, new Dictionary<Currency, StatedBalance>());
    }

    private async Task Write(Transaction tx)
    {
        if (_batch.Count == 0) return;
        await using (var copy = await tx.Copy(Copy))
        {
            foreach (var row in _batch) await Write(copy, row, ++Rows, tx.Stop);
            await copy.CompleteAsync(tx.Stop);
        }
        _batch.Clear();
    }

    private async Task Write(NpgsqlBinaryImporter copy, ReportRow row, int no, CancellationToken stop)
    {
        var (id, repeated) = Identify(row);
        await copy.StartRowAsync(stop);
        await copy.WriteAsync(run.Id.Value, NpgsqlDbType.Uuid, stop);
        await copy.WriteAsync(no, NpgsqlDbType.Integer, stop);
        await copy.WriteAsync(id, NpgsqlDbType.Text, stop);
        await copy.WriteAsync(repeated, NpgsqlDbType.Boolean, stop);
        await copy.WriteAsync(Names.Of(row.Kind), NpgsqlDbType.Text, stop);
        await copy.WriteAsync(row.Gross.Currency.Code, NpgsqlDbType.Text, stop);
        await copy.WriteAsync(row.Gross.Minor, NpgsqlDbType.Bigint, stop);
        await copy.WriteAsync(row.Fee.Minor, NpgsqlDbType.Bigint, stop);
        await copy.WriteAsync(row.Net.Minor, NpgsqlDbType.Bigint, stop);
        await copy.WriteAsync(row.At.UtcDateTime, NpgsqlDbType.TimestampTz, stop);
        if (row.ArrivesOn is { } day) await copy.WriteAsync(day, NpgsqlDbType.Date, stop); else await copy.WriteNullAsync(stop);
        if (row.Ours.Count == 1) await copy.WriteAsync(row.Ours[0], NpgsqlDbType.Uuid, stop); else await copy.WriteNullAsync(stop);
        if (row.Ours.Count > 1) await copy.WriteAsync(row.Ours.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Uuid, stop); else await copy.WriteNullAsync(stop);
        await Text(copy, row.GatewayRef, stop);
        await Text(copy, row.Batch, stop);
        await Text(copy, row.Text, stop);
    }

    private static Task Text(NpgsqlBinaryImporter copy, string? text, CancellationToken stop) =>
        text is null ? copy.WriteNullAsync(stop) : copy.WriteAsync(text, NpgsqlDbType.Text, stop);

    // An id that comes a second time in one report is a repeated row and is kept as one: the report counts it.
    private (string Id, bool Repeated) Identify(ReportRow row)
    {
        var id = row.ExternalId ?? Content(row);
        if (_own.Add(id)) return (id, false);
        var count = _alike[id] = _alike.GetValueOrDefault(id, 1) + 1;
        return ($"{id}#{count}", row.ExternalId is not null);
    }

    private static string Content(ReportRow row) => "=" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f',
        Names.Of(row.Kind), row.Gross.Currency.Code, row.Gross.Minor, row.Fee.Minor, row.At.UtcTicks, row.GatewayRef, row.Batch, row.Text, string.Join(' ', row.Ours)))).AsSpan(0, 16));

    /// <summary>Keeps what the report says of itself.</summary>
    public async Task Sum(Transaction tx, IDictionary<Currency, StatedBalance> stated)
    {
        foreach (var currency in _sums.Keys.Union(stated.Keys))
        {
            var (sums, balance) = (_sums.GetValueOrDefault(currency) ?? new Sums(0, 0, 0, 0), stated.TryGetValue(currency, out var known) ? known : new StatedBalance(null, null));
            await tx.ChangeOne("""
                insert into money.reconciliation_currencies as c (reconciliation_id, currency, rows, gross_minor, fee_minor, net_minor, opening_minor, closing_minor)
                values (@Id, @currency, @Rows, @Gross, @Fee, @Net, @opening, @closing)
                on conflict (reconciliation_id, currency) do update set rows = c.rows + excluded.rows, gross_minor = c.gross_minor + excluded.gross_minor,
                    fee_minor = c.fee_minor + excluded.fee_minor, net_minor = c.net_minor + excluded.net_minor
                """, new { run.Id, currency, sums.Rows, sums.Gross, sums.Fee, sums.Net, opening = balance.Opening?.Minor, closing = balance.Closing?.Minor });
        }
    }

    private const string Copy = """
        copy money.report_staged (reconciliation_id, no, external_id, repeated, kind, currency, gross_minor, fee_minor, net_minor, at, arrives_on, our_id, others, gateway_ref, batch_ref, text)
        from stdin (format binary)
        """;
}
