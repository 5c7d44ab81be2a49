using System.Text;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Guildhall.Money.Reconciliation;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>Runs that nobody watches: windows of the gateway's own report, repairs, crashes, banks. No worker runs; each step is taken here.</summary>
public sealed class ReconcileTests(ReconcileTests.Setup world) : IClassFixture<ReconcileTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";
    }

    public async ValueTask InitializeAsync() => await world.StartsAfresh();
    public async ValueTask DisposeAsync() => await world.Books.MustHold();

    private sealed record Services(MoneyWorld World, int Node) : IServiceProvider
    {
        public object? GetService(Type serviceType) => World.Node(Node).Services.GetService(serviceType);
    }

    private Task Works(ReconciliationId run, int node = 0) => Reconcile.Work(new JobContext(1, 1, 12, world.Data(node), new Services(world, node), default), new Reconcile(run));

    private async Task<ReconciliationId> Uploaded(Report report, string source = "stripe", string format = "plain_csv", byte[]? bytes = null)
    {
        ReconciliationId.TryParse((await report.Upload(source, format, bytes: bytes)).Must(201).Word("id"), null, out var id).ShouldBeTrue();
        return id;
    }

    private async Task<(Deal Deal, PaymentId Payment)> PaidThereOnly(long minor = 25_000)
    {
        var deal = await world.Order(new Amount(minor, MoneyWorld.Kwd));
        var payment = (await deal.Starts()).Id;
        await deal.PaysAtGateway(payment);
        return (deal, payment);
    }

    private Task<string> StateOf(ReconciliationId run) => world.Database.Value<string>("select state from money.reconciliations where id = $1", run.Value);

    [Fact]
    [Covers("M-19")]
    public async Task A_payment_that_was_captured_there_and_not_here_is_settled_as_a_webhook_would_and_the_run_says_so()
    {
        var (deal, payment) = await PaidThereOnly();
        var from = world.Clock.Now.AddHours(-1);
        await world.Database.Execute("update money.webhooks set state = 'ignored', done_at = received_at where state = 'received'"); // the message is lost
        await world.Clock.Passes(1.Minutes());
        var run = (await ReadWindow.Run(world.Data(), world.Get<IEnumerable<IGatewayReports>>(), MoneyWorld.Staff, new ReadWindow.Body("stripe", from, world.Clock.Now), default)).OrThrow().Id;
        (await deal.Payment(payment)).State.ShouldNotBe(PaymentState.Captured);
        await Works(run);

        (await deal.Payment(payment)).State.ShouldBe(PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        (await world.Database.Column<string>("select state || ' ' || how from money.report_lines where subject_id = $1", payment.Value)).ShouldBe(["matched reference"]);
        (await world.Database.Value<int>("select repaired from money.reconciliations where id = $1", run.Value)).ShouldBeGreaterThanOrEqualTo(1);
        (await world.Database.Count("money.reconciliation_exceptions where reconciliation_id = $1 and state = 'open' and subject_id = $2", run.Value, payment.Value)).ShouldBe(0);
        (await StateOf(run)).ShouldBe("done");

        var again = (await ReadWindow.Run(world.Data(1), world.Get<IEnumerable<IGatewayReports>>(1), MoneyWorld.Staff, new ReadWindow.Body("stripe", from, world.Clock.Now), default)).OrThrow().Id;
        var journals = await world.Database.Count("money.journals");
        await Works(again, 1);
        (await world.Database.Count("money.journals")).ShouldBe(journals);
        (await world.Database.Count("money.report_lines where subject_id = $1", payment.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-19", "money-96")]
    public async Task Killed_before_any_of_its_statements_it_goes_on_and_books_nothing_twice()
    {
        var payments = new List<PaymentId>();
        for (var i = 0; i < 3; i++)
        {
            var (_, payment) = await PaidThereOnly();
            await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.System("test"),
                new Guildhall.Money.Gateways.PaymentFact(payment, Guildhall.Money.Gateways.FactState.Captured, new Amount(25_000, MoneyWorld.Kwd), $"pi_{payment}")));
            payments.Add(payment);
        }
        var report = payments.Aggregate(new Report(world).CoversAll(), (r, p) => r.Charge(p, 25_000, 100)).Row("txn_crash_extra", "charge", 70, 1).Row("po_crash", "settlement", -50_000, gatewayRef: "po_crash", arrives: "2026-12-01");
        var run = await Uploaded(report);
        var database = world.Data();
        for (var crashes = 0; ; crashes++)
        {
            crashes.ShouldBeLessThan(200);
            var left = crashes;
            database.Overheard = (_, sql, _) => { if (left-- == 0) throw new IOException("killed"); };
            try
            {
                await Works(run);
                if (left >= 0) break; // it got to its end before the moment to be killed
            }
            catch (IOException) { }
            finally { database.Overheard = null; }
        }
        (await StateOf(run)).ShouldBe("done");
        foreach (var payment in payments) (await world.Row($"txn_{payment}")).ShouldBe("matched reference");
        (await world.Database.Count("money.gateway_settlements where reference = 'po_crash'")).ShouldBe(1);
        (await world.Database.Count("money.report_staged where reconciliation_id = $1", run.Value)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-19")]
    public async Task Two_workers_of_one_run_do_not_do_a_chunk_twice()
    {
        var run = await Uploaded(new Report(world).CoversAll().Row("txn_two_workers", "fee", -40));
        await Task.WhenAll(Quietly(0), Quietly(1), Quietly(0));
        if (await StateOf(run) != "done") await Works(run);
        (await StateOf(run)).ShouldBe("done");
        (await world.Row("txn_two_workers")).ShouldBe("explained fee");

        async Task Quietly(int node)
        {
            try { await Works(run, node); }
            catch (ChangedElsewhereException) { } // the other was quicker: the worker tries again
        }
    }

    [Fact]
    [Covers("M-19")]
    public async Task Every_day_one_window_is_read_however_many_nodes_ask()
    {
        var reports = world.Get<IEnumerable<IGatewayReports>>();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => world.Data(i % 2).InTransaction(tx => DailyReconciliation.Plan(tx, reports))));
        (await world.Database.Count("foundation.jobs where kind = 'daily_reconciliation' and state = 'ready'")).ShouldBe(1);
        await world.Database.Execute("delete from foundation.jobs where kind = 'daily_reconciliation'");
        await world.Data().InTransaction(tx => DailyReconciliation.Run(tx, new DailyReconciliation("stripe")));
        await world.Data(1).InTransaction(tx => DailyReconciliation.Run(tx, new DailyReconciliation("stripe")));
        var row = (await world.Database.Rows("select id, to_at - from_at from money.reconciliations where format = 'api' and started_by is null")).Single();
        ((TimeSpan)row[1]!).ShouldBe(TimeSpan.FromHours(26));
        await Works(new ReconciliationId((Guid)row[0]!));
        (await StateOf(new ReconciliationId((Guid)row[0]!))).ShouldBe("done");
    }

    [Fact]
    [Covers("M-19")]
    public async Task Payouts_of_a_gateway_are_found_on_the_statement_of_the_bank_alone_or_as_one_sum()
    {
        await Works(await Uploaded(new Report(world).Row("po_alone", "settlement", -12_345, gatewayRef: "po_alone", arrives: "2026-12-03")
            .Row("po_first", "settlement", -1_000, gatewayRef: "po_first", arrives: "2026-12-04").Row("po_second", "settlement", -2_500, gatewayRef: "po_second", arrives: "2026-12-04")));
        var statement = Camt(opening: 10_000, closing: 10_000 + 12_345 + 3_500 - 777, ("CRDT", 12_345, "2026-12-03", "b1", "STRIPE po_alone"),
            ("CRDT", 3_500, "2026-12-04", "b2", "STRIPE"), ("DBIT", 777, "2026-12-04", "b3", "Rent of December"));
        await SetExplainRule.Run(world.Data(), MoneyWorld.Staff, new SetExplainRule.Body("rent", "bank-nbk", "debit", "rent of", "The office, every month."), default);
        var run = await Uploaded(new Report(world), "bank-nbk", "camt053", statement);
        await Works(run);
        (await world.Row("b1")).ShouldBe("matched settlement");
        (await world.Row("b2")).ShouldBe("matched merged");
        (await world.Row("b3")).ShouldBe("explained rule: rent");
        (await world.Database.Count("money.gateway_settlements where reference in ('po_alone', 'po_first', 'po_second') and bank_line_id is null")).ShouldBe(0);
        (await world.Database.Count("money.reconciliation_exceptions where reconciliation_id = $1 and state = 'open'", run.Value)).ShouldBe(0);
    }

    [Fact]
    public async Task An_exception_is_assigned_commented_and_explained_once_and_the_totals_follow()
    {
        var run = await Uploaded(new Report(world).Row("txn_to_explain", "charge", 4_000, 10));
        await Works(run);
        var one = (await ListExceptions.Run(world.Data(), new ListExceptions.Filter(Run: run), null, default)).Exceptions.Single();
        (one.Class, one.Team, one.DueAt > one.OpenedAt).ShouldBe(("missing_here", "Finance", true));
        var staff = MoneyWorld.Person("reconciliation.resolve", "reconciliation.view");
        (await AssignException.Run(world.Data(), staff, one.Id, staff.AccountId, null, one.Revision, default)).OrThrow();
        (await ExplainException.Run(world.Data(), staff, one.Id, "Another shop of ours.", one.Revision, default)).Refusal.ShouldBe(MoneyRefusals.MismatchChangedMeanwhile);
        (await CommentException.Run(world.Data(), staff, one.Id, "Asked them.", default)).OrThrow();
        (await ExplainException.Run(world.Data(), staff, one.Id, " ", one.Revision + 1, default)).Refusal.ShouldBe(MoneyRefusals.ReasonMissing);
        (await ExplainException.Run(world.Data(), staff, one.Id, "Another shop of ours.", one.Revision + 1, default)).OrThrow();
        (await ExplainException.Run(world.Data(), staff, one.Id, "Again.", one.Revision + 2, default)).Refusal.ShouldBe(MoneyRefusals.MismatchClosed);
        (await world.Row("txn_to_explain")).ShouldBe("explained person");
        (await world.Totals(run)).ShouldBe("explained 1 3990");
        var csv = Encoding.UTF8.GetString(await ListExceptions.Csv(world.Data(), new ListExceptions.Filter(State: "all", Run: run), default));
        csv.ShouldContain("txn_to_explain,KWD,0.000,4.000,Finance,");
        (await world.As(MoneyWorld.Person("payment.view")).Get("/api/v1/admin/reconciliation/exceptions")).Status.ShouldBe(403);
    }

    [Fact]
    public async Task A_preview_matches_and_books_nothing_until_a_person_says_so()
    {
        var journals = await world.Database.Count("money.journals");
        var answer = (await new Report(world).Row("txn_held", "fee", -5).Upload(hold: true)).Must(201);
        ReconciliationId.TryParse(answer.Word("id"), null, out var run).ShouldBeTrue();
        await Works(run);
        (await StateOf(run)).ShouldBe("held");
        (await world.Database.Count("money.journals")).ShouldBe(journals);
        (await DiscardReport.Run(world.Data(), MoneyWorld.Staff, run, default)).OrThrow();
        (await world.Database.Count("money.report_staged where reconciliation_id = $1", run.Value)).ShouldBe(0);
        (await StartReport.Run(world.Data(), MoneyWorld.Staff, run, default)).Refusal.ShouldBe(MoneyRefusals.ReconciliationNotHeld);
    }

    [Fact]
    [Covers("M-19", "M-20")]
    public async Task The_pages_show_runs_exceptions_clearing_and_health()
    {
        var (_, payment) = await PaidThereOnly();
        await world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.System("test"),
            new Guildhall.Money.Gateways.PaymentFact(payment, Guildhall.Money.Gateways.FactState.Captured, new Amount(25_000, MoneyWorld.Kwd), $"pi_{payment}")));
        var run = await Uploaded(new Report(world).Charge(payment, 25_000, 100).Row("txn_on_pages", "charge", 4_000, 10, text: "<b>bold</b>"));
        await Works(run);
        var one = (await ListExceptions.Run(world.Data(), new ListExceptions.Filter(Run: run), null, default)).Exceptions.Single();
        var staff = world.As(MoneyWorld.Staff);
        foreach (var page in new[] { "", $"/runs/{run}", "/exceptions", $"/exceptions?class=missing_here&run={run}", $"/exceptions/{one.Id}" })
            (await staff.Get("/console/reconciliation" + page)).Must().Text.ShouldNotContain("<b>bold");
        (await staff.Get($"/console/reconciliation/runs/{run}")).Text.ShouldContain("svg");
        (await staff.Get("/console/payment-health")).Must().Text.ShouldContain("stripe");
        var health = (await staff.Get("/api/v1/admin/payments/health?days=3")).Must();
        health.At("days.0.captured").GetInt64().ShouldBeGreaterThan(0);
        (await staff.Get("/api/v1/admin/reconciliation/clearing")).Must().At("0.source").GetString().ShouldBe("stripe");
        (await world.As(MoneyWorld.Person()).Get("/console/reconciliation")).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document>&x;</Document>")]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><Document>&b;</Document>")]
    [InlineData("<Document><Ntry><Amt Ccy=\"KWD\">1.000</Amt>")]
    [InlineData("<Document><Ntry><Amt Ccy=\"KWD\">1.000</Amt><BookgDt><Dt>2026-12-01</Dt></BookgDt></Ntry></Document>")]
    public async Task A_statement_with_entities_or_gaps_is_refused(string xml) =>
        (await new Report(world).Upload("bank-nbk", "camt053", bytes: Encoding.UTF8.GetBytes(xml))).MustRefuse(MoneyRefusals.ReportUnreadable);

    private static byte[] Camt(long opening, long closing, params (string Way, long Minor, string Day, string Id, string Text)[] entries)
    {
        static string Bal(string code, long minor) =>
            $"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"KWD\">{Report.Money(minor)}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-12-01</Dt></Dt></Bal>";
        var text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>1</Id>");
        text.Append(Bal("OPBD", opening)).Append(Bal("CLBD", closing));
        foreach (var (way, minor, day, id, words) in entries)
            text.Append($"<Ntry><Amt Ccy=\"KWD\">{Report.Money(minor)}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{id}</AcctSvcrRef>")
                .Append($"<NtryDtls><TxDtls><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>");
        return Encoding.UTF8.GetBytes(text.Append("</Stmt></BkToCstmrStmt></Document>").ToString());
    }
}
