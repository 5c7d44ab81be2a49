using System.Globalization;
using System.Text;
using Guildhall.Money;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>A report in our own layout, as a gateway would have written it of these payments.</summary>
internal sealed class Report(MoneyWorld world)
{
    private readonly List<string> _rows = ["id,kind,currency,amount,fee,at,arrives_on,reference,gateway_ref,batch,text"];

    public static string Money(long minor, int exponent = 3) => (minor < 0 ? "-" : "") + (Math.Abs(minor) / (long)Math.Pow(10, exponent)).ToString(CultureInfo.InvariantCulture)
        + "." + (Math.Abs(minor) % (long)Math.Pow(10, exponent)).ToString(new string('0', exponent), CultureInfo.InvariantCulture);

    public Report Row(string? id, string kind, long minor, long fee = 0, string reference = "", string gatewayRef = "", DateTimeOffset? at = null, string? arrives = null, string text = "", string currency = "KWD")
    {
        var time = (at ?? world.Clock.Now).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        _rows.Add($"{id},{kind},{currency},{Money(minor)},{Money(fee)},{time},{arrives},{reference},{gatewayRef},,{text}");
        return this;
    }

    public Report Charge(PaymentId payment, long minor, long fee = 0, string? id = null, string currency = "KWD") => Row(id ?? $"txn_{payment}", "charge", minor, fee, payment.ToString(), currency: currency);

    /// <summary>The report covers from before everything to two days from now, so that nothing is merely late.</summary>
    public Report CoversAll() => Row($"b_{Guid.NewGuid():n}", "other", 0, at: world.Clock.Now.AddDays(-1), text: "first").Row($"e_{Guid.NewGuid():n}", "other", 0, at: world.Clock.Now.AddDays(2), text: "last");

    public Report Again(int row) { _rows.Add(_rows[row]); return this; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(string.Join("\r\n", _rows) + "\r\n");

    public async Task<Answer> Upload(string source = "stripe", string format = "plain_csv", bool hold = false, byte[]? bytes = null, params string[] permissions) =>
        await world.As(MoneyWorld.Person(permissions.Length == 0 ? ["reconciliation.run"] : permissions))
            .Send(HttpMethod.Post, $"/api/v1/admin/reconciliation/reports?source={source}&format={format}&hold={hold}", new ByteArrayContent(bytes ?? Bytes));

    /// <summary>Uploads it and waits until the run is done; answers its id.</summary>
    public async Task<ReconciliationId> Reconciled(string source = "stripe", string format = "plain_csv", byte[]? bytes = null)
    {
        var answer = (await Upload(source, format, bytes: bytes)).Must(201);
        answer.At("known").GetBoolean().ShouldBeFalse();
        ReconciliationId.TryParse(answer.Word("id"), null, out var id).ShouldBeTrue();
        await world.Done(id);
        return id;
    }
}

internal static class ReconciliationLooks
{
    public static Task Done(this MoneyWorld world, ReconciliationId run) => Eventually.True(
        async () => await world.Database.Value<string>("select state from money.reconciliations where id = $1", run.Value) == "done",
        async () => "The run is not done: " + string.Join(';', (await world.Database.Rows("select state, note, rows, done_rows from money.reconciliations where id = $1", run.Value)).Select(r => string.Join(' ', r)))
            + string.Join(';', await world.Database.Column<string>("select kind || ' ' || coalesce(last_error, '') from foundation.jobs where kind = 'reconcile'")));

    /// <summary>What became of a row, by its id: state, class, how.</summary>
    public static async Task<string> Row(this MoneyWorld world, string externalId) => string.Join(' ', (await world.Database.Rows(
        "select state, coalesce(class, ''), how from money.report_lines where external_id = $1", externalId)).Single().Select(v => v?.ToString())).Replace("  ", " ", StringComparison.Ordinal);

    /// <summary>The open exceptions about something of ours.</summary>
    public static async Task<string> Missing(this MoneyWorld world, Guid subject) => string.Join(' ', await world.Database.Column<string>(
        "select class from money.reconciliation_exceptions where subject_id = $1 and line_id is null and state = 'open' order by class", subject));

    public static async Task<string> Totals(this MoneyWorld world, ReconciliationId run, string currency = "KWD") => string.Join(", ", await world.Database.Column<string>("""
        select outcome || ' ' || rows || ' ' || net_minor from money.reconciliation_totals where reconciliation_id = $1 and currency = $2 and rows > 0 order by outcome
        """, run.Value, currency));
}
