using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Balances;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payments;
using Guildhall.Tests.Money.Refunds;

namespace Guildhall.Tests.Money.Ledger;

/// <summary>Random sales, fees, taxes and reserves, and random acts on them: what a preview says is what the act then posts, line by line, and a preview by itself
/// leaves nothing behind. The gateway is left out: what it says is said here.</summary>
public sealed class PreviewPostingTests(FeeSplitTests.Setup world) : IClassFixture<FeeSplitTests.Setup>, IAsyncLifetime
{
    private static readonly Currency Yen = Currency.Of("JPY"); // no least amount, no step

    public ValueTask InitializeAsync() => world.StartsAfresh();
    public ValueTask DisposeAsync() => new(world.Books.MustHold());

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    [Covers("M-8", "M-9", "M-11")]
    public async Task What_a_preview_says_is_what_is_posted(int seed)
    {
        var dice = new Random(seed);
        await Sets("money.platform_fee_basis_points", dice.Next(0, 5001));
        await Sets("money.platform_fee_tax_basis_points", dice.Next(0, 5001));
        await Sets("money.rolling_reserve_basis_points", dice.Next(2) * dice.Next(1, 5001));
        var total = new Amount(dice.Next(1, seed % 2 == 0 ? 30 : 100_000), Yen);
        var (deal, payment) = dice.Next(2) == 0 ? await Captured(total, seed) : await CapturedLater(total, seed, dice);
        for (var step = 0; step < 12; step++)
        {
            var amount = new Amount(dice.Next(1, (int)Math.Max(2, total.Minor / 2)), Yen);
            switch (dice.Next(5))
            {
                case 0 or 1:
                    await Same(PreviewPosting.Refund(world.Data(), MoneyWorld.Staff, payment, amount.Minor, default), () => deal.Refunds(amount));
                    break;
                case 2:
                    await Same(PreviewPosting.Release(world.Data(), deal.Order, default), () => deal.Releases());
                    break;
                default:
                    await Disputed(payment, amount, dice, $"dp_{seed}_{step}");
                    break;
            }
        }
        await Same(PreviewPosting.Release(world.Data(), deal.Order, default), () => deal.Releases());
        await Same(PreviewPosting.Refund(world.Data(), MoneyWorld.Staff, payment, null, default), () => deal.Refunds());
        var owed = -await deal.ProviderHas();
        var part = new Amount(dice.Next(1, (int)Math.Max(2, owed + 2)), Yen);
        await Same(PreviewPosting.WriteOff(world.Data(), deal.Provider.AccountId!.Value, part, default),
            async () =>
            {
                var asked = await WriteOffDebt.Run(world.Data(), MoneyWorld.Staff, deal.Provider.AccountId!.Value, new(part, "Left the country."), default);
                return asked.Is(out var approval, out _) ? await DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), MoneyWorld.Person("*"), approval.Id, ApprovalState.Approved, null, default) : asked;
            });
    }

    [Fact]
    [Covers("M-2")]
    public async Task Held_money_that_is_let_go_posts_nothing_and_a_void_under_way_refuses_the_capture_in_the_preview_too()
    {
        var (_, payment) = await Held(new Amount(5_000, Yen), "pi_void");
        (await PreviewPosting.Void(world.Data(), world.Gateways, MoneyWorld.Staff, payment, default)).OrThrow().Lines.ShouldBeEmpty();
        (await VoidPayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, "No longer needed.", default)).OrThrow();
        (await PreviewPosting.Capture(world.Data(), world.Gateways, MoneyWorld.Staff, payment, null, default)).Refusal.ShouldBe(MoneyRefusals.VoidInProgress);
        (await world.Database.Value<string>("select state from money.payments where id = $1", payment.Value)).ShouldBe("authorized");
        await Settles(new PaymentFact(payment, FactState.Cancelled, new Amount(5_000, Yen), "pi_void"));
    }

    // A dispute that is new or known is brought to a state of chance, by what a preview takes the gateway to say.
    private async Task Disputed(PaymentId payment, Amount amount, Random dice, string reference)
    {
        var open = await world.Database.Column<Guid>("select id from money.disputes where payment_id = $1 and closed_at is null", payment.Value);
        if (open.Count == 0)
        {
            await world.Data().InTransaction(tx => SettleDispute.Settle(tx, Caller.Gateway("stripe"), "stripe", payment, new DisputeFact(reference, null, payment, DisputeFactState.NeedsResponse, amount,
                "fraudulent", world.Clock.Now, world.Clock.Now.AddDays(7), dice.Next(2) == 0 ? amount : Amount.Zero(Yen), Amount.Zero(Yen), new Amount(dice.Next(0, 50), Yen)), 0));
            return;
        }
        var id = new DisputeId(open[0]);
        var outcome = dice.Next(2) == 0 ? DisputeFactState.Lost : DisputeFactState.Won;
        var now = (await Guildhall.Money.Disputes.Disputes.Find(world.Data(), id, default))!;
        var withdrawn = outcome == DisputeFactState.Lost && now.WithdrawnMinor == 0 ? now.Minor : now.WithdrawnMinor;
        var fact = new DisputeFact(now.GatewayRef, null, payment, outcome, now.Of(now.Minor), now.Reason, now.OpenedAt, now.DueAt, now.Of(withdrawn),
            now.Of(outcome == DisputeFactState.Lost ? 0 : withdrawn), new Amount(now.FeeMinor, Yen));
        await Same(PreviewPosting.Dispute(world.Data(), id, outcome, default),
            () => world.Data().InTransaction(tx => SettleDispute.Settle(tx, Caller.Gateway("stripe"), "stripe", payment, fact, now.Revision)));
    }

    private async Task<(Deal, PaymentId)> Captured(Amount total, int seed)
    {
        var deal = await world.Order(total) with { Currency = Yen };
        var payment = (await deal.Starts()).Id;
        await Settles(new PaymentFact(payment, FactState.Captured, total, $"pi_{seed}"));
        return (deal, payment);
    }

    private async Task<(Deal, PaymentId)> Held(Amount total, string intent)
    {
        var deal = await world.OrderOf([new Guildhall.Money.Orders.OrderLine("A session", total)], captureLater: true) with { Currency = Yen };
        var payment = (await deal.Starts()).Id;
        await Settles(new PaymentFact(payment, FactState.Authorized, total, intent));
        return (deal, payment);
    }

    private async Task<(Deal, PaymentId)> CapturedLater(Amount total, int seed, Random dice)
    {
        var (deal, payment) = await Held(total, $"pi_{seed}");
        var part = new Amount(dice.Next(1, (int)total.Minor + 1), Yen);
        await Same(PreviewPosting.Capture(world.Data(), world.Gateways, MoneyWorld.Staff, payment, part.Minor, default), async () =>
        {
            var asked = await CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, payment, new CapturePayment.Body(part), default);
            await Settles(new PaymentFact(payment, FactState.Captured, part, $"pi_{seed}"));
            return asked;
        });
        return (deal, payment);
    }

    private Task Settles(PaymentFact fact) => world.Data().InTransaction(tx => SettlePayment.Run(tx, Caller.Gateway("stripe"), fact));

    // The same lines, or the same refusal; and the preview itself has left nothing.
    private async Task Same<T>(Task<Result<PreviewPosting.View>> previewed, Func<Task<Result<T>>> act)
    {
        var (journals, entries) = (await world.Database.Count("money.journals"), await world.Database.Count("money.entries"));
        var preview = await previewed;
        (await world.Database.Count("money.journals"), await world.Database.Count("money.entries")).ShouldBe((journals, entries));
        var last = await world.Database.Value<long>("select coalesce(max(id), 0) from money.journals");
        var done = await act();
        done.Refusal?.Code.ShouldBe(preview.Refusal?.Code);
        preview.Refusal?.Code.ShouldBe(done.Refusal?.Code);
        var posted = (await world.Database.Rows("""
            select j.kind, a.kind, a.owner_id, a.currency::text, e.minor from money.journals j join money.entries e on e.journal_id = j.id join money.accounts a on a.id = e.account_id
            where j.id > $1 order by j.id, e.no
            """, last)).Select(r => string.Join(' ', r));
        (preview.Value?.Lines ?? []).Select(l => $"{l.Journal} {l.Account} {l.Owner} {l.Amount.Currency.Code} {l.Amount.Minor}").ShouldBe(posted);
    }

    private async Task Sets(string key, int value)
    {
        await world.Database.Execute("delete from foundation.settings where key = $1", key);
        await world.Database.Execute("insert into foundation.settings (key, value, version, changed_at) values ($1, to_jsonb($2::int), 1, now())", key, value);
    }
}
