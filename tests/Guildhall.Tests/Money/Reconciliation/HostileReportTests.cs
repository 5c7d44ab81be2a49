using System.Text;
using Guildhall.Money;
using Guildhall.Money.Reconciliation;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>Files that nobody meant well.</summary>
public sealed class HostileReportTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    private const string Head = "id,kind,currency,amount,fee,at,arrives_on,reference,gateway_ref,batch,text";

    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.SettlesDown();

    private async Task<PaymentId> Paid(long minor = 25_000) => await (await world.Order(new Amount(minor, MoneyWorld.Kwd))).Pays();

    private async Task Refused(byte[] bytes, string format = "plain_csv", string source = "stripe")
    {
        var staged = await world.Database.Count("money.report_lines");
        (await new Report(world).Upload(source, format, bytes: bytes)).MustRefuse(MoneyRefusals.ReportUnreadable);
        (await world.Database.Count("money.report_lines")).ShouldBe(staged);
        (await world.Database.Count("money.reconciliations where state = 'receiving'")).ShouldBe(0);
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    [Covers("M-19")]
    public async Task Text_that_is_not_utf_8_is_refused_whole(string encoding) =>
        await Refused(Encoding.GetEncoding(encoding).GetBytes($"{Head}\nx,charge,KWD,1.000,0,2026-01-01,,,,,Zahlung für März\n"));

    [Fact]
    [Covers("M-19")]
    public async Task A_byte_order_mark_of_utf_8_and_any_order_of_columns_are_read()
    {
        var run = await new Report(world).Reconciled(bytes: Encoding.UTF8.GetBytes("\uFEFFat,text,amount,kind,currency,id\r\n2026-01-01,Überweisung,-0.005,fee,KWD,bom-row\r\n"));
        (await world.Row("bom-row")).ShouldBe("explained fee");
        (await world.Totals(run)).ShouldBe("explained 1 -5");
    }

    [Theory]
    [InlineData("x,charge,KWD,9223372036854775.808,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,-9223372036854775.809,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,1e3,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,0x10,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,\u0661.\u0660\u0660\u0660,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,1.000.000,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,1.000,0,0000-00-00,,,,,\n")]
    [InlineData("x,charge,kwd ,1.000,0,2026-13-01,,,,,\n")]
    [InlineData("x,charge,KWD,1.000,0,2026-01-01,,,,,\"cut off in the mid")]
    [InlineData("x,charge,KWD,1.0")]
    [InlineData("x,charge,KWD,9223372036854775.807,-1,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,9223372036854775.807,0,2026-01-01,,,,,\ny,charge,KWD,0.001,0,2026-01-01,,,,,\n")]
    [InlineData("x,charge,KWD,1.000,0,2026-01-01,,,,,a\u0000b\n")]
    [Covers("M-19", "money-49")]
    public async Task What_is_too_large_too_odd_or_cut_off_is_refused_whole_and_nothing_wraps(string rows) => await Refused(Encoding.UTF8.GetBytes($"{Head}\n{rows}"));

    [Fact]
    [Covers("M-19")]
    public async Task Rows_and_fields_without_end_are_refused()
    {
        await Refused(Encoding.UTF8.GetBytes($"{Head}\nx,other,KWD,1,0,2026-01-01,,,,,{new string('a', 5_000)}\n"));
        await Refused(Encoding.UTF8.GetBytes($"{Head}\nx,other,KWD,1,0,2026-01-01{new string(',', 300)}\n"));
        await Refused(Encoding.UTF8.GetBytes($"{Head}\n{new string('i', 200)},other,KWD,1,0,2026-01-01,,,,,\n"));
    }

    [Fact]
    [Covers("M-19", "money-49")]
    public async Task The_largest_amounts_and_negative_ones_are_sorted_to_the_minor_unit()
    {
        var run = await new Report(world).Reconciled(bytes: Encoding.UTF8.GetBytes(
            $"{Head}\nhuge,charge,KWD,9000000000000000.000,0,2026-01-01,,,,,\nhuge-back,other,KWD,-9000000000000000.000,0,2026-01-01,,,,,\nbelow,charge,KWD,-5.000,0,2026-01-01,,,,,\n"));
        (await world.Totals(run)).ShouldBe("open 3 -5000");
        (await world.Open(run)).ShouldBe(["missing_here below 0 -5000 Finance", "missing_here huge 0 9000000000000000000 Finance", "missing_here huge-back 0 -9000000000000000000 Finance"]);
    }

    [Fact]
    [Covers("M-19", "money-96")]
    public async Task However_a_file_is_cut_shuffled_and_repeated_each_row_counts_once()
    {
        var payments = new List<PaymentId>();
        for (var i = 0; i < 4; i++) payments.Add(await Paid());
        string[] rows = [.. payments.Select((p, i) => $"shuffled-{i},charge,KWD,25.000,0.100,2026-01-0{i + 1},,{p},,,"), "shuffled-fee,fee,KWD,-0.007,0,2026-01-05,,,,,", "shuffled-other,other,KWD,-3.000,0,2026-01-06,,,,,"];
        var journals = await world.Database.Count("money.journals where kind = 'gateway_fee'");
        byte[] File(IEnumerable<string> some) => Encoding.UTF8.GetBytes(string.Join('\n', some.Prepend(Head)) + "\n");
        foreach (var part in new[] { rows[2..5].Reverse(), rows, rows.Reverse(), rows[..3].Concat(rows[3..]).OrderBy(r => r.Length), rows[1..] })
        {
            var answer = (await new Report(world).Upload(bytes: File(part))).Must(201);
            ReconciliationId.TryParse(answer.Word("id"), null, out var run).ShouldBeTrue();
            await world.Done(run);
        }
        foreach (var payment in payments) (await world.Database.Count("money.report_lines where subject_id = $1 and state = 'matched'", payment.Value)).ShouldBe(1);
        (await world.Database.Count("money.report_lines where external_id like 'shuffled-%'")).ShouldBe(rows.Length);
        (await world.Database.Count("money.journals where kind = 'gateway_fee'")).ShouldBe(journals + 2, "one for the first part, one for what the whole file added");
    }

    [Fact]
    [Covers("M-19", "money-95")]
    public async Task A_row_cannot_take_what_is_of_another_gateway()
    {
        var payment = await Paid();
        var run = await new Report(world).Charge(payment, 25_000, 100, id: "stolen").Reconciled("knet");
        (await world.Open(run)).ShouldBe(["missing_here stolen 0 25000 Finance"]);
        (await world.Database.Count("money.report_lines where subject_id = $1", payment.Value)).ShouldBe(0);
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0")]
    [InlineData("@SUM(1+1)")]
    [InlineData("+1-1")]
    [Covers("M-19")]
    public async Task What_a_spreadsheet_would_calculate_is_only_text_in_what_is_exported(string text)
    {
        var run = await new Report(world).Row($"{text}", "charge", 1_000, text: text).Reconciled();
        var csv = Encoding.UTF8.GetString(await ListExceptions.Csv(world.Data(), new ListExceptions.Filter(Run: run), default));
        csv.ShouldContain($"'{text}");
        csv.ShouldNotContain($",{text}");
    }

    [Theory]
    [InlineData("<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy=\"KWD\">-1.000</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>")]
    [InlineData("<Document><Ntry><Amt Ccy=\"KWD\">1.0000001</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-12-01</Dt></BookgDt></Ntry></Document>")]
    [InlineData("<Document><Ntry><Amt Ccy=\"XXQ\">1.000</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-12-01</Dt></BookgDt></Ntry></Document>")]
    [InlineData("PK\u0003\u0004 this is a spreadsheet")]
    [Covers("M-19")]
    public async Task A_statement_that_is_none_is_refused(string xml) => await Refused(Encoding.UTF8.GetBytes(xml), "camt053", "bank-nbk");
}
