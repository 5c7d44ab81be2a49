using System.Net;
using System.Text.Json;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Risk;

namespace Guildhall.Tests.Money.Risk;

public sealed class ReviewTests(MoneyWorld world) : IClassFixture<MoneyWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.StartsAfresh();
    public async ValueTask DisposeAsync() => await Rules(RiskRules.Default);

    private Task Rules(RiskRules rules) => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at) values ('money.risk_rules', $1::jsonb, 1, now()) on conflict (key) do update set value = excluded.value
        """, JsonSerializer.Serialize(rules, JsonRules.Options));

    private static readonly RiskRules Strict = RiskRules.Default with { FirstPurchasePoints = 60 };

    private Task<Result<RiskReviewView>> Decides(Deal deal, RiskReviewState decision, int node = 0, Caller? by = null) =>
        DecideReview.Run(world.Data(node), by ?? MoneyWorld.Staff, deal.Order, decision, "I called the customer.", default);

    [Fact]
    [Covers("M-15")]
    public async Task A_risky_payment_waits_for_a_person_the_gateway_is_not_asked_and_after_the_approval_it_is_paid()
    {
        await Rules(Strict);
        var asked = 0;
        world.Wire.Before = _ => { Interlocked.Increment(ref asked); return Task.FromResult(false); };
        var deal = await world.Order();
        asked = 0;
        var before = (await deal.Now()).ExpiresAt;
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("payment_in_review");
        (await deal.TriesToStart(1)).Refusal!.Details!.Keys.ShouldContain("until");
        asked.ShouldBe(0);
        (await world.Database.Count("money.payments where order_id = $1", deal.Order.Value)).ShouldBe(0);
        (await world.Database.Count("money.risk_decisions where order_id = $1 and outcome = 'review'", deal.Order.Value)).ShouldBe(1);
        (await deal.Now()).ExpiresAt.ShouldBeGreaterThan(before.AddHours(3));
        (await world.As(MoneyWorld.Staff).Get("admin/risk/reviews")).Must().Text.ShouldContain(deal.Order.ToString());

        await world.Clock.Passes(2.Hours());
        var decided = (await Decides(deal, RiskReviewState.Approved)).OrThrow();
        decided.Reasons.ShouldHaveSingleItem().Code.ShouldBe("first_purchase");
        var payment = await deal.Pays();
        (await world.Database.Count("money.risk_decisions where order_id = $1", deal.Order.Value)).ShouldBe(1, "what a person decided is not scored again");
        (await ReadTimelineOf(payment)).ShouldContain("review_approved");
        await world.SettlesDown();
    }

    private Task<IReadOnlyList<string>> ReadTimelineOf(PaymentId payment) => world.Database.Column<string>("select kind from money.payment_events where payment_id = $1 order by id", payment.Value);

    [Fact]
    [Covers("M-15")]
    public async Task A_rejected_order_stays_unpaid_and_a_blocked_one_was_never_asked_about()
    {
        await Rules(Strict);
        var rejected = await world.Order();
        await rejected.TriesToStart();
        (await Decides(rejected, RiskReviewState.Rejected)).OrThrow();
        (await rejected.TriesToStart()).Refusal!.Code.ShouldBe("payment_not_accepted");

        await Rules(RiskRules.Default with { FirstPurchasePoints = 100 });
        var (blocked, operation) = (await world.Order(), Guid.CreateVersion7());
        (await blocked.TriesToStart(operation: operation)).Refusal!.Code.ShouldBe("payment_not_accepted");
        (await blocked.TriesToStart(1, operation)).Refusal!.Code.ShouldBe("payment_not_accepted");
        (await world.Database.Count("money.risk_decisions where order_id = $1 and outcome = 'block'", blocked.Order.Value)).ShouldBe(1, "an attempt is scored once");
        (await world.Database.Count("money.payments where order_id in ($1, $2)", rejected.Order.Value, blocked.Order.Value)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-15")]
    public async Task Starts_at_once_are_scored_once_and_open_one_review()
    {
        await Rules(Strict);
        var deal = await world.Order();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var starts = Enumerable.Range(0, 5).Select(i => deal.TriesToStart(i % 2)).ToArray();
        await gate.OpenWhenWaiting(5);
        (await Task.WhenAll(starts)).ShouldAllBe(a => a.Refusal!.Code == "payment_in_review");
        (await world.Database.Count("money.risk_decisions where order_id = $1", deal.Order.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-15")]
    public async Task Two_who_decide_at_once_make_one_decision()
    {
        await Rules(Strict);
        var deal = await world.Order();
        await deal.TriesToStart();
        await using var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value);
        var both = new[] { Decides(deal, RiskReviewState.Approved), Decides(deal, RiskReviewState.Rejected, 1), Decides(deal, RiskReviewState.Approved, 1) };
        await gate.OpenWhenWaiting(3);
        await Task.WhenAll(both);
        var state = Names(await world.Database.Value<string>("select state from money.risk_reviews where order_id = $1", deal.Order.Value));
        for (var i = 0; i < 3; i++)
        {
            var asked = i == 1 ? RiskReviewState.Rejected : RiskReviewState.Approved;
            var answer = await both[i];
            if (asked == state) answer.OrThrow().State.ShouldBe(state);
            else answer.Refusal!.Code.ShouldBe("review_decided");
        }
        (await world.Database.Count("foundation.audit where subject_id = $1 and action in ('review.approved', 'review.rejected')", deal.Order.ToString())).ShouldBe(1);

        static RiskReviewState Names(string name) => name is "approved" ? RiskReviewState.Approved : RiskReviewState.Rejected;
    }

    [Fact]
    [Covers("M-15")]
    public async Task Nobody_decides_on_an_order_of_their_own_nor_without_the_permission()
    {
        await Rules(Strict);
        var deal = await world.Order();
        await deal.TriesToStart();
        (await Decides(deal, RiskReviewState.Approved, by: deal.Customer)).Refusal!.Code.ShouldBe("review_own");
        (await Decides(deal, RiskReviewState.Approved, by: deal.Provider)).Refusal!.Code.ShouldBe("review_own");
        (await world.As(MoneyWorld.Person("payment.view")).Post($"admin/risk/reviews/{deal.Order}/actions/approve", new { reason = "x" })).Status.ShouldBe(403);
    }

    [Fact]
    [Covers("M-15")]
    public async Task A_decision_can_be_made_again_and_compared_with_the_rules_of_today()
    {
        await Rules(RiskRules.Default);
        var deal = await world.Order();
        var payment = await deal.Starts();
        await Rules(Strict);
        var staff = world.As(MoneyWorld.Staff);
        var replayed = (await staff.Get($"admin/risk/orders/{deal.Order}/decisions")).Must();
        (replayed.Word("0.payment"), replayed.Word("0.outcome"), replayed.At("0.same").GetBoolean(), replayed.Word("0.today.outcome")).ShouldBe((payment.Id.ToString(), "allow", true, "review"));
        (await staff.Get($"admin/risk/decisions/{replayed.Word("0.id")}")).Must().At("same").GetBoolean().ShouldBeTrue();
        (await ReadTimelineOf(payment.Id)).ShouldContain("risk_scored");

        await world.Database.Execute("update money.risk_decisions set score = score + 1 where order_id = $1", deal.Order.Value);
        (await staff.Get($"admin/risk/orders/{deal.Order}/decisions")).Must().At("0.same").GetBoolean().ShouldBeFalse("somebody changed what was kept");
    }

    [Fact]
    [Covers("M-15")]
    public async Task Who_is_on_the_block_list_is_refused_by_account_mailbox_and_network_until_it_ends()
    {
        await Rules(RiskRules.Default);
        var account = await world.Data().InTransaction(tx => SeedAccounts.Ensure(tx, "layla.risk@example.test", "Layla", Person.Password, ["customer"], "en", "Asia/Kuwait"));
        var customer = MoneyWorld.Person() with { AccountId = account, Address = IPAddress.Parse("203.0.113.9") };
        await IsBlocked(RiskBlockKind.Customer, account.ToString());
        await IsBlocked(RiskBlockKind.Email, "Layla.Risk+again@example.test");
        await IsBlocked(RiskBlockKind.Address, "203.0.113.0/24");
        (await world.Database.Count("money.risk_blocks where value like '%layla%'")).ShouldBe(0, "an address was kept");

        async Task IsBlocked(RiskBlockKind kind, string value)
        {
            var body = new RiskBlocks.Body(kind, value, "Charged back three times.", world.Clock.Now.AddHours(1));
            var block = (await world.Data().InTransaction(tx => RiskBlocks.Add(tx, MoneyWorld.Staff, body))).OrThrow();
            (await world.Data(1).InTransaction(tx => RiskBlocks.Add(tx, MoneyWorld.Staff, body))).Refusal!.Code.ShouldBe("risk_block_exists");
            (await Tries()).Refusal!.Code.ShouldBe("payment_not_accepted", value);
            await world.Clock.Passes(61.Minutes());
            (await Tries()).Granted.ShouldBeTrue($"{value}: the block has ended");
            (await world.Data().InTransaction(tx => RiskBlocks.Remove(tx, MoneyWorld.Staff, block.Id, "Paid back."))).OrThrow().RemovedAt.ShouldNotBeNull();
            (await world.Database.Column<string>("select action from foundation.audit where subject_id = $1 order by id", block.Id.ToString())).ShouldBe(["risk_block.added", "risk_block.removed"]);
        }

        async Task<Result<PaymentView>> Tries()
        {
            var seller = await world.Provider();
            var order = await world.Data().InTransaction(tx => PlaceOrder.Run(tx, customer, new NewOrder(
                account, seller.AccountId!.Value, "test", Guid.NewGuid(), [new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], tx.Now.AddMinutes(30))));
            return await new Deal(world, customer, seller, order).TriesToStart();
        }
    }

    [Theory, InlineData(RiskBlockKind.Address, "10.0.0.0/4"), InlineData(RiskBlockKind.Address, "x"), InlineData(RiskBlockKind.Customer, "layla"), InlineData(RiskBlockKind.Email, "layla"), InlineData(RiskBlockKind.Card, "4242")]
    public async Task What_cannot_be_matched_is_not_put_on_the_list(RiskBlockKind kind, string value) =>
        (await world.Data().InTransaction(tx => RiskBlocks.Add(tx, MoneyWorld.Staff, new RiskBlocks.Body(kind, value, "x")))).Refusal!.Code.ShouldBe("risk_block_invalid");
}
