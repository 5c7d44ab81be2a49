using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Gateways.PayPal;
using Guildhall.Tests.Money.Withdrawals;
using Guildhall.Tests.Web.Console;

namespace Guildhall.Tests.Money.Payouts;

/// <summary>A payout that its rail never answers for is ended by two people, and only by them; what the rail says afterwards is not lost.</summary>
public sealed class RecordPayoutOutcomeTests(PayPalWorld world) : IClassFixture<PayPalWorld>, IAsyncLifetime
{
    private static readonly Amount All = new(8_500, MoneyWorld.Usd);
    private static readonly Caller Mona = MoneyWorld.Person("*");
    private static readonly Caller Sami = MoneyWorld.Person("*");

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        world.PayPalWire.Before = null;
        await world.JobsAreDone();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-13", "M-14", "M-22")]
    public async Task What_two_people_found_paid_is_booked_once_and_comes_back_when_paypal_says_so()
    {
        var (provider, payout, withdrawal) = await Unanswered();
        (await RecordPayoutOutcome.Waiting(world.Data(), world.Rails, default)).Single(w => w.Payout == payout).Withdrawal.ShouldBe(withdrawal);
        var proposed = (await Says(Mona, payout, paid: true)).OrThrow();
        (await Says(Sami, payout, paid: false)).Refusal!.Code.ShouldBe("approval_waiting");
        (await Decides(Mona, proposed.Id)).Refusal!.Code.ShouldBe("approval_own");
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Unknown);
        (await Decides(Sami, proposed.Id)).OrThrow();

        var done = await world.Now(withdrawal);
        (done.State, done.PayoutReference).ShouldBe((WithdrawalState.Completed, null)); // a person's word is no name by which PayPal is asked
        (await Decides(MoneyWorld.Person("*"), proposed.Id)).Refusal!.Code.ShouldBe("approval_decided");
        (await Says(Mona, payout, paid: false)).Refusal!.Code.ShouldBe("payout_ended");
        (await world.Books.Has(provider)).ShouldBe(0);
        (await Journals(payout)).ShouldBe(["payout_completed"]);
        (await RecordPayoutOutcome.Waiting(world.Data(), world.Rails, default)).ShouldNotContain(w => w.Payout == payout);
        var told = (await WithdrawalEvents.Of(world.Data(), withdrawal, default)).TakeLast(2).ToArray();
        told.Select(e => (e.Kind, e.ActorId)).ShouldBe([("found_paid", Sami.AccountId), ("completed", Sami.AccountId)]);
        told[0].Note.ShouldBe(DocumentOf(payout));
        (await world.Database.Count("foundation.audit where subject_id = $1 and action = 'payout.completed' and actor_id = $2", withdrawal.ToString(), Sami.AccountId!.Value)).ShouldBe(1);
        (await world.Database.Count("messaging.notices where person_id = $1 and template = 'payout_completed'", provider.AccountId!.Value)).ShouldBe(1);

        (await world.Learns(Event(payout, "RETURNED", "PAYMENT.PAYOUTS-ITEM.RETURNED"))).ShouldBe("done");
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Returned);
        (await world.Books.Has(provider)).ShouldBe(8_500);
    }

    [Fact]
    [Covers("M-13", "M-14", "M-22")]
    public async Task What_two_people_found_not_paid_is_credited_once_and_set_aside_when_paypal_says_otherwise()
    {
        var (provider, payout, withdrawal) = await Unanswered();
        (await Decides(Sami, (await Says(Mona, payout, paid: false)).OrThrow().Id)).OrThrow();
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeFalse(); // nobody blames the address

        await world.Learns(Event(payout, "PENDING"));
        for (var i = 0; i < 2; i++) await world.Learns(Event(payout, "SUCCESS"));
        (await world.Database.Value<string>("select string_agg(split_part(reported, ' ', 1), ',' order by id) from money.quarantine where payout_id = $1 and reason = 'paid_after_failed'", payout.Value)).ShouldBe("under,paid");
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(8_500);
        (await Journals(payout)).ShouldBe(["payout_failed"]);
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await world.Sandbox.Get("/sandbox/paypal/payouts")).GetRawText().ShouldNotContain(payout.ToString()); // and never sent after that
    }

    [Fact]
    [Covers("M-14", "M-22")]
    public async Task While_the_rail_may_still_answer_or_repeat_it_nobody_else_says_it()
    {
        var (_, payout, withdrawal) = await Unanswered(days: 25);
        (await Says(Mona, payout, paid: true)).Refusal!.Code.ShouldBe("payout_still_asked");
        (await PreviewPosting.PayoutOutcome(world.Data(), world.Rails, Mona, payout, true, default)).Refusal!.Code.ShouldBe("payout_still_asked");
        await Row(payout, "sent_at = sent_at - interval '30 days', gateway = 'stripe'"); // Stripe can be asked at any time
        (await Says(Mona, payout, paid: true)).Refusal!.Code.ShouldBe("payout_still_asked");
        await Row(payout, "sent_at = sent_at + interval '26 days', gateway = 'gone'"); // no rail, and sent 29 days ago
        (await Says(Mona, payout, paid: true)).Refusal!.Code.ShouldBe("payout_still_asked");
        (await RecordPayoutOutcome.Waiting(world.Data(), world.Rails, default)).ShouldNotContain(w => w.Payout == payout);
        await Row(payout, "sent_at = sent_at - interval '1 day'");
        (await RecordPayoutOutcome.Waiting(world.Data(), world.Rails, default)).ShouldContain(w => w.Payout == payout);
        await Row(payout, "gateway = 'paypal'");
        (await RecordPayoutOutcome.Run(world.Data(), world.Rails, Mona, payout, new RecordPayoutOutcome.Body(true, " ", "Nothing at hand."), default)).Refusal!.Code.ShouldBe("document_missing");

        await Row(payout, "changed_at = changed_at + interval '25 days'"); // it became unknown an hour ago only
        (await Says(Mona, payout, paid: true)).Refusal!.Code.ShouldBe("payout_still_asked");
        await Row(payout, "changed_at = changed_at - interval '25 days'");
        var proposed = (await Says(Mona, payout, paid: false)).OrThrow();
        await Row(payout, "state = 'in_transit'"); // PayPal answered meanwhile
        (await Decides(Sami, proposed.Id)).Refusal!.Code.ShouldBe("payout_still_asked");
        await Row(payout, "state = 'unknown'");
        (await Decides(Sami, proposed.Id)).OrThrow();
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Failed);
    }

    [Fact]
    [Covers("M-13", "M-22", "money-69")]
    public async Task Nobody_with_a_part_in_it_proposes_or_approves_by_whatever_account()
    {
        var (provider, payout, withdrawal) = await Unanswered();
        var own = provider with { Permissions = Mona.Permissions };
        (await Says(own, payout, paid: false)).Refusal!.Code.ShouldBe("withdrawal_own");
        var (rana, again) = (await world.Account($"rana{payout.Value:n}@example.test", "*"), await world.Account($"rana{payout.Value:n}+2@example.test", "*"));
        var proposed = (await Says(rana, payout, paid: false)).OrThrow();
        (await Decides(again, proposed.Id)).Refusal!.Code.ShouldBe("approval_own");
        (await Decides(own, proposed.Id)).Refusal!.Code.ShouldBe("withdrawal_own");
        await world.Database.Execute("update money.destinations set changed_by = $2 where provider_id = $1", provider.AccountId!.Value, Sami.AccountId!.Value);
        (await Decides(Sami, proposed.Id)).Refusal!.Code.ShouldBe("withdrawal_own"); // who said where it goes
        (await Decides(MoneyWorld.Person("approval.decide"), proposed.Id)).Refusal!.Code.ShouldBe("approval_not_found");
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Unknown);
        (await Decides(MoneyWorld.Person("*"), proposed.Id)).OrThrow();
    }

    [Fact]
    [Covers("M-22")]
    public async Task One_paper_pays_one_payout_also_when_two_are_approved_at_once()
    {
        var (_, one, _) = await Unanswered();
        var (_, other, _) = await Unanswered();
        var proposals = new[] { (await Says(Mona, one, paid: true, "Statement 7")).OrThrow(), (await Says(Mona, other, paid: true, " statement  7")).OrThrow() };
        await using var gate = await Gate.Close(world.Database, "select pg_advisory_xact_lock(hashtextextended('payout_outcome', 0))");
        var decided = proposals.Select(p => Decides(Sami, p.Id)).ToArray();
        await gate.OpenWhenWaiting(2);
        var answers = await Task.WhenAll(decided);
        answers.Count(a => a.Granted).ShouldBe(1);
        answers.Single(a => !a.Granted).Refusal!.Code.ShouldBe("document_used");
    }

    [Theory, InlineData(true), InlineData(false)]
    [Covers("M-14", "M-22", "money-72")]
    public async Task Of_people_and_the_rail_at_once_whoever_comes_first_ends_it_and_nothing_is_booked_twice(bool railFirst)
    {
        var (provider, payout, withdrawal) = await Unanswered();
        var proposed = (await Says(Mona, payout, paid: false)).OrThrow();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.withdrawals where id = $1 for update", withdrawal.Value);
        Func<Task> rail = () => world.Data(1).InTransaction(tx => SettlePayout.Run(tx, Caller.Gateway("paypal"), new PayoutFact(payout, PayoutFactState.Completed, All, null, $"B{payout.Value:n}"[..12])));
        Task<Result<ApprovalView>>? decided = null;
        Func<Task> people = () => decided = Decides(Sami, proposed.Id);
        var first = railFirst ? rail() : people();
        await Eventually.True(async () => await gate.Waiting() == 1, "The first was expected at the gate.");
        var second = railFirst ? people() : rail();
        await gate.OpenWhenWaiting(2);
        await Task.WhenAll(first, second);

        (await decided!).Refusal?.Code.ShouldBe(railFirst ? "payout_ended" : null);
        (await decided!).Granted.ShouldBe(!railFirst);
        (await Journals(payout)).ShouldBe([railFirst ? "payout_completed" : "payout_failed"]);
        (await world.Books.Has(provider)).ShouldBe(railFirst ? 0 : 8_500);
        (await world.Database.Count("money.quarantine where payout_id = $1 and reason = 'paid_after_failed'", payout.Value)).ShouldBe(railFirst ? 0 : 1);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task One_whose_sender_died_and_that_nobody_can_answer_for_becomes_unknown_and_waits_for_people()
    {
        var (_, payout, withdrawal) = await Unanswered();
        await Row(payout, "state = 'sending'");
        await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", withdrawal.Value);
        await world.Clock.Passes(2.Hours());
        await world.Becomes(withdrawal, WithdrawalState.Unknown);
    }

    [Fact]
    [Covers("M-22")]
    public async Task The_api_proposes_and_says_what_would_be_posted_without_posting_it()
    {
        var (_, payout, _) = await Unanswered();
        var before = await world.Database.Count("money.journals");
        var shown = (await world.As(Mona).Get($"admin/payouts/{payout}/outcomes/preview?paid=false")).Must().At("lines").EnumerateArray().Select(l => (l.GetProperty("journal").GetString(), l.GetProperty("account").GetString())).ToArray();
        shown.ShouldBe([("payout_failed", "payouts_in_transit"), ("payout_failed", "provider_available")], ignoreOrder: true);
        (await world.As(Mona).Get($"admin/payouts/{payout}/outcomes/preview?paid=true")).Must().At("lines")[0].GetProperty("journal").GetString().ShouldBe("payout_completed");
        (await world.Database.Count("money.journals")).ShouldBe(before);
        (await world.As(Mona).Post($"admin/payouts/{payout}/outcomes", new { paid = true, document = DocumentOf(payout), reason = "In PayPal's pages." })).Must(202).Word("kind").ShouldBe("payout_outcome");
        (await world.As(MoneyWorld.Person("withdrawal.decide")).Post($"admin/payouts/{payout}/outcomes", new { paid = true, document = "x", reason = "y" })).Status.ShouldBe(403);
    }

    [Fact]
    [Covers("M-22", "A-3")]
    public async Task The_page_shows_both_ends_asks_what_was_found_and_takes_no_silence_for_an_answer()
    {
        var (_, payout, withdrawal) = await Unanswered();
        var (browser, page) = (new StaffBrowser(world, Mona), $"/console/withdrawals/{withdrawal}");
        (await browser.Opens("/console/settlements")).Must().Text.ShouldContain(page);
        var shown = (await browser.Opens(page)).Must().Text;
        shown.ShouldContain("If it was paid");
        shown.ShouldContain("If it was not paid");
        (await browser.Does(page, page + "/outcome", ("outcome", ""), ("document", "B1"), ("reason", "In the portal."))).Must().Text.ShouldContain("Say what you found");
        (await browser.Does(page, page + "/outcome", ("outcome", "paid"), ("document", ""), ("reason", "In the portal."))).Must().Text.ShouldContain(MoneyRefusals.DocumentMissing.Sentence);
        (await browser.Does(page, page + "/outcome", ("outcome", "paid"), ("document", DocumentOf(payout)), ("reason", "In the portal."))).Must().Text.ShouldContain("another member of staff decides");
        (await world.Now(withdrawal)).State.ShouldBe(WithdrawalState.Unknown);
        (await new StaffBrowser(world, MoneyWorld.Person("withdrawal.view", "withdrawal.decide")).Opens(page)).Must().Text.ShouldNotContain(page + "/outcome");
    }

    private static string DocumentOf(PayoutId payout) => $"PAGE OF {payout.Value:n}".ToUpperInvariant();

    private Task<Result<ApprovalView>> Says(Caller who, PayoutId payout, bool paid, string? document = null) =>
        RecordPayoutOutcome.Run(world.Data(), world.Rails, who, payout, new RecordPayoutOutcome.Body(paid, document ?? DocumentOf(payout), "Looked into PayPal's pages."), default);

    private Task<Result<ApprovalView>> Decides(Caller who, ApprovalId id) => DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), who, id, ApprovalState.Approved, null, default);

    private Task Row(PayoutId payout, string set) => world.Database.Execute($"update money.payouts set {set} where id = $1", payout.Value);

    private async Task<string[]> Journals(PayoutId payout) => (await world.Database.Value<string>(
        "select coalesce(string_agg(kind, ',' order by id), '') from money.journals where reference in ($1, $2, $3)", $"payout_completed:{payout}", $"payout_failed:{payout}", $"payout_returned:{payout}")).Split(',');

    private static string Event(PayoutId of, string status, string type = "PAYMENT.PAYOUTS-ITEM.SUCCEEDED") => PayPalEvent.Of(type, new
    {
        payout_item_id = "I00000000001", transaction_status = status, payout_batch_id = $"B{of.Value:n}"[..14], sender_batch_id = of.ToString(),
        payout_item = new { recipient_type = "EMAIL", receiver = "omar@example.test", sender_item_id = of.ToString(), amount = new { currency = "USD", value = "85.00" } },
    });

    // Sent so long ago, and every answer was lost.
    private async Task<(Caller Provider, PayoutId Payout, WithdrawalId Withdrawal)> Unanswered(int days = 27)
    {
        var provider = await world.ProviderAt(DestinationKind.Paypal, "omar@example.test");
        await world.Sells(provider, new Amount(10_000, MoneyWorld.Usd));
        world.PayPalWire.Cuts("POST /v1/payments/payouts");
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        await world.Clock.Passes(days.Days());
        await world.JobsAreDone();
        world.PayPalWire.Before = null;
        return (provider, withdrawal.Payout!.Value, withdrawal.Id);
    }
}
