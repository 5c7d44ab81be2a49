using Guildhall.Money;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>A file of a gateway against what we have.</summary>
public sealed class ReceiveReportTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.SettlesDown();

    private async Task<PaymentId> Paid(long minor = 25_000) => await (await world.Order(new Amount(minor, MoneyWorld.Kwd))).Pays();

    private Task Expects(int basisPoints, long fixedMinor) => world.Database.Execute("""
        insert into money.gateway_fee_rules (gateway, currency, basis_points, fixed_minor, from_at, set_by, set_at)
        values ('stripe', 'KWD', $1, $2, '2020-01-01', gen_random_uuid(), '2020-01-01')
        """, basisPoints, fixedMinor);

    private Task ExpectsNothing() => world.Database.Execute("delete from money.gateway_fee_rules");

    [Fact]
    [Covers("M-19", "money-95")]
    public async Task An_extra_a_missing_a_duplicated_a_changed_fee_and_a_merged_row_are_each_told_apart_and_nothing_is_forced()
    {
        await Expects(290, 30);
        PaymentId good = await Paid(), missing = await Paid(), twice = await Paid(), changed = await Paid(), one = await Paid(10_000), two = await Paid(7_500), three = await Paid(4_440), four = await Paid(3_330),
            other = await Paid();
        var journals = await world.Database.Count("money.journals");
        var run = await new Report(world).CoversAll()
            .Row(null, "opening", 1_000)
            .Charge(good, 25_000, 755).Charge(twice, 25_000, 755).Charge(twice, 25_000, 755, "txn_again")
            .Charge(changed, 25_000, 756)
            .Row("txn_extra", "charge", 9_990, 320, new PaymentId(Guid.CreateVersion7()).ToString())
            .Row("txn_merged", "charge", 17_500, 600, $"{one} {two}")
            .Charge(three, 7_770, 200)
            .Charge(other, 24_999, 755)
            .Row(null, "closing", 1_000 + (25_000 * 4) - (755 * 4) - 1 + 9_990 - 320 + 17_500 - 600 + 7_770 - 200 + 24_999 - 755 + 0)
            .Reconciled();

        (await world.Row($"txn_{good}")).ShouldBe("matched reference");
        (await world.Row($"txn_{twice}")).ShouldBe("matched reference");
        (await world.Row("txn_again")).ShouldBe("open duplicate not yet");
        (await world.Row($"txn_{changed}")).ShouldBe("open changed_fee not yet");
        (await world.Row("txn_extra")).ShouldBe("open missing_here not yet");
        (await world.Row("txn_merged")).ShouldBe("matched merged");
        (await world.Row($"txn_{three}")).ShouldBe("open merged not yet");
        (await world.Row($"txn_{other}")).ShouldBe("open different_amount not yet");
        (await world.Missing(missing.Value)).ShouldBe("missing_there");
        (await world.Missing(four.Value)).ShouldBe("merged");
        foreach (var found in new[] { good, one, two, changed, other }) (await world.Missing(found.Value)).ShouldBe("");

        (await world.Database.Count("money.reconciliation_exceptions where reconciliation_id = $1 and class = 'totals'", run.Value)).ShouldBe(0);
        (await world.Database.Count("money.journals")).ShouldBe(journals + 1, "the fees and nothing else");
        (await world.Database.Count("money.reconciliation_exceptions where state = 'open' and (team = '' or due_at < opened_at)")).ShouldBe(0);
        await ExpectsNothing();
    }

    [Fact]
    [Covers("M-19", "money-96")]
    public async Task The_same_file_again_is_answered_with_its_first_run()
    {
        var payment = await Paid();
        var report = new Report(world).Charge(payment, 25_000, 100).Row("txn_same_extra", "charge", 5);
        var run = await report.Reconciled();
        var again = (await report.Upload()).Must(201);
        again.At("known").GetBoolean().ShouldBeTrue();
        again.Word("id").ShouldBe(run.ToString());
        (await world.Database.Count("money.report_lines where external_id = 'txn_same_extra'")).ShouldBe(1);
        (await world.Database.Count("money.report_staged")).ShouldBe(0);
    }

    [Fact]
    [Covers("money-96")]
    public async Task Overlapping_files_at_once_on_two_nodes_match_and_book_no_row_twice()
    {
        var payments = new List<PaymentId>();
        for (var i = 0; i < 6; i++) payments.Add(await Paid());
        Report Of(Range range, string mark) => payments[range].Aggregate(new Report(world), (report, payment) => report.Charge(payment, 25_000, 111)).Row(mark, "other", 1, text: mark);
        var runs = await Task.WhenAll(Of(..4, "first").Reconciled(), Of(2.., "second").Reconciled(), Of(1..5, "third").Reconciled());

        foreach (var payment in payments) (await world.Database.Count("money.report_lines where subject_id = $1", payment.Value)).ShouldBe(1);
        (await world.Database.Value<long>("select coalesce(sum(rows), 0)::bigint from money.reconciliation_totals where reconciliation_id = any ($1) and outcome = 'matched'",
            runs.Select(r => r.Value).ToArray())).ShouldBe(6);
        (await world.Database.Value<long>("select coalesce(sum(rows), 0)::bigint from money.reconciliation_totals where reconciliation_id = any ($1) and outcome = 'known'",
            runs.Select(r => r.Value).ToArray())).ShouldBe(6);
    }

    [Fact]
    [Covers("M-19", "money-97")]
    public async Task A_fee_that_differs_by_one_minor_unit_goes_to_the_variance_account_and_is_reported()
    {
        await Expects(290, 30);
        var payment = await Paid();
        var variance = await Balance("fee_variance");
        var fees = await Balance("gateway_fees");
        var clearing = await Balance("gateway_clearing");
        var run = await new Report(world).Charge(payment, 25_000, 756).Reconciled();

        (await Balance("fee_variance")).ShouldBe(variance + 1);
        (await Balance("gateway_fees")).ShouldBe(fees + 755);
        (await Balance("gateway_clearing")).ShouldBe(clearing - 756);
        (await world.Database.Rows("select class, expected_minor, reported_minor from money.reconciliation_exceptions where reconciliation_id = $1 and class = 'changed_fee'", run.Value))
            .Single().ShouldBe(["changed_fee", 755L, 756L]);
        await ExpectsNothing();
    }

    [Fact]
    [Covers("money-96")]
    public async Task A_row_that_a_later_file_tells_otherwise_is_reported_and_stays_as_it_was()
    {
        var payment = await Paid();
        await new Report(world).Charge(payment, 25_000, 100).Reconciled();
        var fees = await Balance("gateway_fees");
        var run = await new Report(world).Charge(payment, 25_000, 101).Reconciled();
        (await world.Row($"txn_{payment}")).ShouldBe("matched reference");
        (await world.Database.Column<string>("select class from money.reconciliation_exceptions where reconciliation_id = $1 and line_id is not null", run.Value)).ShouldBe(["changed_fee"]);
        (await Balance("gateway_fees")).ShouldBe(fees);
    }

    [Fact]
    public async Task A_row_that_stands_twice_in_one_file_is_a_duplicate()
    {
        var payment = await Paid();
        await new Report(world).Charge(payment, 25_000, 100).Again(1).Reconciled();
        (await world.Row($"txn_{payment}")).ShouldBe("matched reference");
        (await world.Row($"txn_{payment}#2")).ShouldBe("open duplicate not yet");
    }

    [Fact]
    public async Task Another_currency_is_neither_matched_nor_booked()
    {
        var payment = await Paid();
        var journals = await world.Database.Count("money.journals");
        await new Report(world).Charge(payment, 25_000, 100, currency: "BHD").Reconciled();
        (await world.Row($"txn_{payment}")).ShouldBe("open different_currency not yet");
        (await world.Database.Count("money.journals")).ShouldBe(journals);
    }

    [Fact]
    public async Task A_report_whose_balances_do_not_add_up_says_so()
    {
        var run = await new Report(world).Row(null, "opening", 100).Row("txn_odd", "other", 50).Row(null, "closing", 151).Reconciled();
        (await world.Database.Rows("select expected_minor, reported_minor from money.reconciliation_exceptions where reconciliation_id = $1 and class = 'totals'", run.Value)).Single().ShouldBe([150L, 151L]);
    }

    [Theory]
    [InlineData("kind,currency,amount,at\ncharge,KWD,1.0005,2026-01-01\n")]
    [InlineData("kind,currency,amount,at\ncharge,KWD,\"1,000\",2026-01-01\n")]
    [InlineData("kind,currency,amount,at\ncharge,ZZZ,1,2026-01-01\n")]
    [InlineData("kind,currency,amount,at\nsale,KWD,1,2026-01-01\n")]
    [InlineData("kind,currency,amount,at\ncredit,KWD,1,2026-01-01\n")]
    [InlineData("kind,currency,amount,at\ncharge,KWD,99999999999999999999,2026-01-01\n")]
    [InlineData("kind,currency,amount,at\ncharge,KWD,1,yesterday\n")]
    [InlineData("kind,currency,amount\ncharge,KWD,1\n")]
    [InlineData("kind,currency,amount,at\n\"charge,KWD,1,2026-01-01\n")]
    public async Task A_file_that_cannot_be_read_exactly_is_refused_whole(string text)
    {
        (await new Report(world).Upload(bytes: System.Text.Encoding.UTF8.GetBytes(text))).MustRefuse(MoneyRefusals.ReportUnreadable);
        (await world.Database.Count("money.report_staged")).ShouldBe(0);
    }

    [Fact]
    public async Task Only_those_who_may_run_it_may()
    {
        (await new Report(world).Row("x", "other", 1).Upload(permissions: "payment.view")).Status.ShouldBe(403);
        (await new Report(world).Row("x", "other", 1).Upload(source: "../x")).MustRefuse(MoneyRefusals.ReportSourceInvalid);
        (await new Report(world).Row("x", "other", 1).Upload(format: "xls")).MustRefuse(MoneyRefusals.ReportFormatUnknown);
    }

    private Task<long> Balance(string kind) => world.Database.Value<long>("""
        select coalesce(sum(e.minor), 0)::bigint from money.entries e join money.accounts a on a.id = e.account_id where a.kind = $1 and a.currency = 'KWD'
        """, kind);
}
