using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Payouts;
using Guildhall.Money.Settlements;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Money.Reconciliation;

/// <summary>What a bank's statement says of our payouts, and of transfers that people recorded.</summary>
public sealed class BankResultTests(BatchWorld world) : IClassFixture<BatchWorld>, IAsyncLifetime
{
    private static int _day;

    public async ValueTask InitializeAsync()
    {
        await world.StartsByFile();
        await world.Database.Execute("update money.withdrawals set held_code = 'over_maximum' where state = 'approved'"); // what earlier tests left
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private static string EndToEnd(WithdrawalView about) => about.Payout!.Value.Value.ToString("N");

    private static string Id(string name) => $"{name}-{Interlocked.Increment(ref _day)}";

    private Task<long> Results(WithdrawalView about) => world.Database.Count("money.bank_results where payout_id = $1", about.Payout!.Value.Value);

    [Fact]
    [Covers("M-13", "M-14", "M-19", "money-73", "money-96")]
    public async Task A_statement_pays_and_returns_the_payouts_that_it_names_once_however_often_it_is_given_in()
    {
        await world.Says(MoneySettings.PayoutFee, "KWD 0.250");
        var (first, second) = (await world.Approved(20_250), await world.Approved(10_250));
        var batch = await world.Sent();
        var (a, b, c) = (Id("paid"), Id("paid"), Id("back"));
        var statement = new Statement().Entry(a, -20_000, EndToEnd(first.Approved)).Entry(b, -10_000, EndToEnd(second.Approved).ToUpperInvariant())
            .Entry(c, 10_000, EndToEnd(second.Approved), text: "AC04 closed");
        var run = await statement.Reconciled(world);
        foreach (var row in new[] { a, b, c }) (await world.Row(row)).ShouldBe("matched reference");
        (await world.Open(run)).ShouldBeEmpty();
        (await world.Now(first.Approved.Id)).State.ShouldBe(WithdrawalState.Completed);
        (await world.Now(second.Approved.Id)).State.ShouldBe(WithdrawalState.Returned);
        (await world.Books.Has(second.Provider)).ShouldBe(85_000);
        (await SetDestination.Find(world.Data(), second.Provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
        await Eventually.True(async () => (await world.Seen(batch.Id)).State == BatchState.Settled, "The batch was not settled.");

        // The next statement holds the same entries and one more.
        await statement.Entry(Id("other"), -5, text: "Charges").Reconciled(world);
        (await Results(first.Approved), await Results(second.Approved)).ShouldBe((1L, 2L));
        (await world.Books.Has(second.Provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-19", "money-73", "money-95")]
    public async Task An_entry_that_does_not_agree_to_the_minor_unit_moves_nothing_and_waits_for_a_person()
    {
        var (_, payout) = await world.Approved(20_000);
        await world.Sent();
        var (less, other, unknown) = (Id("less"), Id("other"), Id("unknown"));
        var run = await new Statement().Entry(less, -19_999, EndToEnd(payout)).Entry(unknown, -20_000, Guid.NewGuid().ToString("N")).Reconciled(world);
        (await world.Open(run)).ShouldBe([$"different_amount {less} -20000 -19999 Finance", $"missing_here {unknown} 0 -20000 Finance"]);
        (await world.Now(payout.Id)).State.ShouldBe(WithdrawalState.Processing);
        (await Results(payout)).ShouldBe(0);

        var (_, dollars) = await world.Approved(20_000);
        await world.Sent();
        run = await new Statement().Entry(other, -20_000, EndToEnd(dollars), currency: "BHD").Reconciled(world);
        (await world.Open(run)).ShouldBe([$"different_currency {other} -20000 -20000 Finance"]);
        (await world.Now(dollars.Id)).State.ShouldBe(WithdrawalState.Processing);
    }

    [Fact]
    [Covers("money-75", "money-95")]
    public async Task A_bank_that_pays_or_returns_twice_is_believed_once()
    {
        var (provider, payout) = await world.Approved(20_000);
        await world.Sent();
        var (one, two, back, again) = (Id("a"), Id("b"), Id("c"), Id("d"));
        var run = await new Statement().Entry(one, -20_000, EndToEnd(payout)).Entry(two, -20_000, EndToEnd(payout)).Entry(back, 20_000, EndToEnd(payout)).Entry(again, 20_000, EndToEnd(payout)).Reconciled(world);
        (await world.Row(one)).ShouldBe("matched reference");
        (await world.Row(back)).ShouldBe("matched reference");
        (await world.Open(run)).ShouldBe([$"duplicate {two} 0 -20000 Finance", $"duplicate {again} 0 20000 Finance"]);
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await Results(payout)).ShouldBe(2);
    }

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task What_staff_have_recorded_before_the_statement_comes_is_matched_and_not_done_again()
    {
        var (provider, payout) = await world.Approved(20_000);
        await world.Sent();
        (await world.BankSays(Id("by hand"), payout, RecordBankResult.Outcome.Returned, note: "Told by telephone")).OrThrow();
        var (paid, back) = (Id("paid"), Id("back"));
        await new Statement().Entry(back, 20_000, EndToEnd(payout)).Entry(paid, -20_000, EndToEnd(payout)).Reconciled(world);
        (await world.Row(paid)).ShouldBe("matched reference");
        (await world.Row(back)).ShouldBe("matched reference");
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-14")]
    public async Task A_payout_that_has_not_left_is_not_paid_by_a_statement()
    {
        var (_, payout) = await world.Approved(20_000);
        var early = Id("early");
        var run = await new Statement().Entry(early, -20_000, EndToEnd(payout)).Reconciled(world);
        (await world.Open(run)).ShouldBe([$"missing_here {early} 0 -20000 Finance"]);
        (await world.Now(payout.Id)).State.ShouldBe(WithdrawalState.Approved);
        await world.Sent();
        await new Statement().Entry(Id("next"), -7, text: "Charges").Reconciled(world);
        (await world.Row(early)).ShouldBe("matched reference");
        (await world.Now(payout.Id)).State.ShouldBe(WithdrawalState.Completed);
    }

    [Fact]
    [Covers("M-14", "money-95")]
    public async Task Transfers_that_the_bank_booked_as_one_entry_are_told_apart_by_their_details()
    {
        var (first, second) = (await world.Approved(20_000), await world.Approved(10_001));
        await world.Sent();
        var (sum, odd) = (Id("sum"), Id("odd"));
        var run = await new Statement().Entry(sum, -30_001, parts: [(EndToEnd(first.Approved), 20_000), (EndToEnd(second.Approved), 10_001)])
            .Entry(odd, -30_000, parts: [(EndToEnd(first.Approved), 20_000), (EndToEnd(second.Approved), 10_001)]).Reconciled(world);
        (await world.Row($"{sum}/1")).ShouldBe("matched reference");
        (await world.Row($"{sum}/2")).ShouldBe("matched reference");
        (await world.Open(run)).ShouldBe([$"missing_here {odd} 0 -30000 Finance"], "the details do not make the entry");
        foreach (var done in new[] { first, second }) (await world.Now(done.Approved.Id)).State.ShouldBe(WithdrawalState.Completed);
        (await world.Totals(run)).ShouldBe("matched 2 -30001, open 1 -30000");
    }

    private async Task<PaymentId> Transferred(string document, long minor, bool approved = true)
    {
        var deal = await world.Order(new Amount(minor, MoneyWorld.Kwd));
        var asked = (await RecordSettlement.Run(world.Data(), MoneyWorld.Person("*"), deal.Order, new RecordSettlement.Body(ByHand.BankTransfer, document, "Seen at the bank."), default)).OrThrow();
        if (!approved) return default;
        (await DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), MoneyWorld.Staff, asked.Id, ApprovalState.Approved, null, default)).OrThrow();
        return new PaymentId((await deal.Now()).PaidPaymentId!.Value);
    }

    [Fact]
    [Covers("M-19", "M-22", "money-95")]
    public async Task Transfers_that_two_people_recorded_are_found_by_their_document_alone_or_as_one_and_none_is_settled_by_the_statement()
    {
        var (alone, one, two, less, waits) = (Id("TRF"), Id("TRF"), Id("TRF"), Id("TRF"), Id("TRF"));
        var payment = await Transferred(alone, 12_000);
        await Transferred(one, 5_000);
        await Transferred(two, 2_500);
        await Transferred(less, 9_000);
        await Transferred(waits, 3_000, approved: false);
        var journals = await world.Database.Count("money.journals");
        var rows = Enumerable.Range(0, 5).Select(_ => Id("cr")).ToArray();
        var run = await new Statement().Entry(rows[0], 12_000, text: $"Invoice, ref {alone}").Entry(rows[1], 7_500, text: $"For {one.ToLowerInvariant()}, {two}").Entry(rows[2], 8_999, text: less)
            .Entry(rows[3], 3_000, text: waits).Entry(rows[4], 12_000, text: alone).Reconciled(world);
        (await world.Row(rows[0])).ShouldBe("matched document");
        (await world.Row(rows[1])).ShouldBe("matched merged");
        (await world.Open(run)).ShouldBe([$"different_amount {rows[2]} 9000 8999 Finance", $"missing_here {rows[3]} 0 3000 Finance", $"duplicate {rows[4]} 0 12000 Finance"]);
        (await world.Database.Count("money.journals")).ShouldBe(journals, "a statement proves, it does not pay");
        (await world.Database.Count("money.report_lines where subject_id = $1", payment.Value)).ShouldBe(1);
    }
}
