using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Refunds;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Guildhall.Tests.Money;

/// <summary>order → payment → guard → what a reaction locks → provider balance, and withdrawal → payout → provider balance. Somebody holds one of
/// these; a use case that waits for it must hold none that comes later, or two such would wait for each other.</summary>
public sealed class LockOrderTests(LockOrderTests.Setup world) : IClassFixture<LockOrderTests.Setup>
{
    public sealed class Setup : MoneyWorld
    {
        protected override string Role(int node) => "web";

        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            base.Adjust(builder, node);
            builder.Services.AddReaction<OrderPaid>((tx, _) => tx.ChangeNow("select pg_advisory_xact_lock(4242)"));
            builder.Services.AddReaction<OrderRefunded>((tx, _) => tx.ChangeNow("select pg_advisory_xact_lock(4242)"));
        }
    }

    internal sealed record Scene(Deal Deal, PaymentId Payment, RefundId? Refund, WithdrawalId? Withdrawal, PayoutId? Payout);

    private static readonly Caller Source = Caller.System("test");
    private static readonly string[] OfOrders = ["order", "payment", "guard", "reaction", "balance"];
    private static readonly string[] OfPayouts = ["withdrawal", "payout", "balance"];

    private static (string Sql, object Id) Row(string lockOf, Scene scene) => lockOf switch
    {
        "order" => ("select 1 from money.orders where id = $1 for update", scene.Deal.Order.Value),
        "payment" => ("select 1 from money.payments where id = $1 for update", scene.Payment.Value),
        "guard" => ("select 1 from money.payment_guards where payment_id = $1 for update", scene.Payment.Value),
        "withdrawal" => ("select 1 from money.withdrawals where id = $1 for update", scene.Withdrawal?.Value ?? Guid.Empty),
        "reaction" => ("select 1 where $1::uuid is not null and pg_advisory_xact_lock(4242) is not null", scene.Deal.Order.Value),
        "payout" => ("select 1 from money.payouts where id = $1 for update", scene.Payout?.Value ?? Guid.Empty),
        _ => ("select 1 from money.balances where account_id in (select id from money.accounts where owner_id = $1) for update", scene.Deal.Provider.AccountId!.Value),
    };

    private static PaymentFact Captured(Scene s, long minor = 25_000) => new(s.Payment, FactState.Captured, new Amount(minor, MoneyWorld.Kwd), $"pi_{s.Payment}");
    private static PayoutFact Paid(Scene s, PayoutFactState state) => new(s.Payout!.Value, state, new Amount(21_250, MoneyWorld.Kwd), $"tr_{s.Payout}", $"po_{s.Payout}");
    private static RefundFact Refund(Scene s, RefundFactState state) => new(s.Refund!.Value, state, new Amount(10_000, MoneyWorld.Kwd), $"re_{s.Refund}");

    private Task In(Func<Guildhall.Foundation.Data.Transaction, Task> work) => world.Data(1).InTransaction(work);

    private Dictionary<string, (string Before, string[] Locks, Func<Scene, Task> Run)> UseCases => new(StringComparer.Ordinal)
    {
        ["StartPayment"] = ("placed", OfOrders, s => s.Deal.TriesToStart(1)),
        ["SettlePayment captured"] = ("started", OfOrders, s => In(tx => SettlePayment.Run(tx, Source, Captured(s)))),
        ["SettlePayment captured twice"] = ("paid by another", OfOrders, s => In(tx => SettlePayment.Run(tx, Source, Captured(s)))),
        ["SettlePayment quarantined"] = ("started", OfOrders, s => In(tx => SettlePayment.Run(tx, Source, Captured(s, 24_000)))),
        ["CapturePayment"] = ("held", OfOrders, s => CapturePayment.Run(world.Data(1), world.Gateways, MoneyWorld.Staff, s.Payment, new(), default)),
        ["VoidPayment"] = ("held", OfOrders, s => VoidPayment.Run(world.Data(1), world.Gateways, MoneyWorld.Staff, s.Payment, "x", default)),
        ["SettlePayment part captured"] = ("capturing", OfOrders, s => In(tx => SettlePayment.Run(tx, Source, Captured(s, 10_000)))),
        ["SettleCapture refused"] = ("capturing", OfOrders, s => In(tx => SettleCapture.Refused(tx, Source, s.Payment, new CaptureId(Guid.NewGuid()), "x"))),
        ["CancelOrder"] = ("started", OfOrders, s => In(tx => CancelOrder.Run(tx, Source, s.Deal.Order, "x"))),
        ["RequestRefund"] = ("paid", OfOrders, s => s.Deal.Refunds(new Amount(10_000, MoneyWorld.Kwd), 1)),
        ["RequestRefund after release"] = ("released", OfOrders, s => s.Deal.Refunds(new Amount(10_000, MoneyWorld.Kwd), 1)),
        ["SettleRefund completed"] = ("refunding", OfOrders, s => In(tx => SettleRefund.Run(tx, Source, Refund(s, RefundFactState.Completed)))),
        ["SettleRefund failed after release"] = ("refunding and released", OfOrders, s => In(tx => SettleRefund.Run(tx, Source, Refund(s, RefundFactState.Failed)))),
        ["ReleaseEscrow"] = ("paid", OfOrders, s => In(tx => ReleaseEscrow.Run(tx, Source, s.Deal.Order))),
        ["RequestWithdrawal"] = ("released", OfPayouts, s => RequestWithdrawal.Run(world.Data(1), world.Rails, s.Deal.Provider, new Amount(10_000, MoneyWorld.Kwd), default)),
        ["ApproveWithdrawal"] = ("asked", OfPayouts, s => ApproveWithdrawal.Run(world.Data(1), world.Rails, MoneyWorld.Staff, s.Withdrawal!.Value, 1, default)),
        ["RejectWithdrawal"] = ("asked", OfPayouts, s => RejectWithdrawal.Run(world.Data(1), MoneyWorld.Staff, s.Withdrawal!.Value, 1, "No.", default)),
        ["CancelWithdrawal"] = ("asked", OfPayouts, s => CancelWithdrawal.Run(world.Data(1), s.Deal.Provider, s.Withdrawal!.Value, default)),
        ["SettlePayout completed"] = ("sent", OfPayouts, s => In(tx => SettlePayout.Run(tx, Source, Paid(s, PayoutFactState.Completed)))),
        ["SettlePayout failed"] = ("sent", OfPayouts, s => In(tx => SettlePayout.Run(tx, Source, Paid(s, PayoutFactState.Failed)))),
        ["(planted) guard before order"] = ("paid", OfOrders, s => In(async tx =>
        {
            await tx.Find<long?>("select captured_minor from money.payment_guards where payment_id = @Payment for update", new { s.Payment });
            await tx.Find<Guid?>("select id from money.orders where id = @Order for update", new { s.Deal.Order });
        })),
    };

    public static TheoryData<string> Names => ["StartPayment", "SettlePayment captured", "SettlePayment captured twice", "SettlePayment quarantined",
        "CapturePayment", "VoidPayment", "SettlePayment part captured", "SettleCapture refused", "CancelOrder", "RequestRefund",
        "RequestRefund after release", "SettleRefund completed", "SettleRefund failed after release", "ReleaseEscrow", "RequestWithdrawal", "ApproveWithdrawal", "RejectWithdrawal",
        "CancelWithdrawal", "SettlePayout completed", "SettlePayout failed"];

    [Theory, MemberData(nameof(Names))]
    [Covers("money-53")]
    public async Task Nothing_that_comes_later_is_held_while_waiting(string useCase)
    {
        var (before, locks, _) = UseCases[useCase];
        var waited = 0;
        foreach (var held in locks) waited += await HeldWhileWaiting(useCase, before, held) is { } violation ? violation.Length == 0 ? 1 : throw new Xunit.Sdk.XunitException(violation) : 0;
        waited.ShouldBeGreaterThan(0, "It was expected to wait for at least one of them.");
        await world.Books.MustHold();
    }

    [Fact]
    public async Task A_use_case_in_the_wrong_order_is_seen() =>
        (await HeldWhileWaiting("(planted) guard before order", "paid", "order")).ShouldBe("(planted) guard before order waits for the order while it holds the guard");

    // Null when it never waits for this one; empty when it waits in good order; else what is wrong.
    private async Task<string?> HeldWhileWaiting(string useCase, string before, string held)
    {
        var scene = await Prepare(before);
        var (_, locks, run) = UseCases[useCase];
        var (sql, id) = Row(held, scene);
        await using var gate = await Gate.Close(world.Database, sql, id);
        var work = run(scene);
        while (!work.IsCompleted && await gate.Waiting() == 0) await Task.Delay(10);
        if (work.IsCompleted)
        {
            await work;
            return null;
        }
        foreach (var later in locks.SkipWhile(l => l != held).Skip(1))
            if (await IsHeld(Row(later, scene)))
            {
                await gate.Open();
                await work;
                return $"{useCase} waits for the {held} while it holds the {later}";
            }
        await gate.Open();
        await work;
        return "";
    }

    private async Task<bool> IsHeld((string Sql, object Id) row)
    {
        if (row.Sql.Contains("advisory", StringComparison.Ordinal)) return await world.Database.Count("pg_locks where locktype = 'advisory' and objid = 4242 and granted") > 0;
        try
        {
            await world.Database.Rows(row.Sql + " nowait", row.Id);
            return false;
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.LockNotAvailable) { return true; }
    }

    private async Task<Scene> Prepare(string state)
    {
        var deal = await world.Order();
        var scene = new Scene(deal, default, null, null, null);
        if (state is "placed") return scene;
        scene = scene with { Payment = (await deal.Starts()).Id };
        if (state is "started") return scene;
        if (state is "held" or "capturing")
        {
            await In(tx => SettlePayment.Run(tx, Source, new PaymentFact(scene.Payment, FactState.Authorized, new Amount(25_000, MoneyWorld.Kwd), $"pi_{scene.Payment}")));
            if (state is "capturing") (await CapturePayment.Run(world.Data(), world.Gateways, MoneyWorld.Staff, scene.Payment, new(new Amount(10_000, MoneyWorld.Kwd)), default)).OrThrow();
            return scene;
        }
        if (state is "paid by another")
        {
            await In(tx => SettlePayment.Run(tx, Source, new PaymentFact(scene.Payment, FactState.Expired, new Amount(25_000, MoneyWorld.Kwd))));
            var second = scene with { Payment = (await deal.Starts()).Id };
            await In(tx => SettlePayment.Run(tx, Source, Captured(second)));
            return scene;
        }
        await In(tx => SettlePayment.Run(tx, Source, Captured(scene)));
        if (state.StartsWith("refunding", StringComparison.Ordinal)) scene = scene with { Refund = await deal.Refunded(10_000) };
        if (state is "paid" or "refunding") return scene;
        (await deal.Releases()).OrThrow();
        if (state is "released" or "refunding and released") return scene;
        var asked = (await RequestWithdrawal.Run(world.Data(), world.Rails, deal.Provider, new Amount(21_250, MoneyWorld.Kwd), default)).OrThrow();
        scene = scene with { Withdrawal = asked.Id };
        if (state is "asked") return scene;
        (await ApproveWithdrawal.Run(world.Data(), world.Rails, MoneyWorld.Staff, asked.Id, asked.Revision, default)).OrThrow();
        scene = scene with { Payout = new PayoutId(await world.Database.Value<Guid>("select id from money.payouts where withdrawal_id = $1", asked.Id.Value)) };
        await world.Database.Execute("update money.payouts set state = 'sending' where id = $1", scene.Payout.Value.Value);
        await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", asked.Id.Value);
        await In(tx => new Guildhall.Money.Ledger.Journal($"payout:{scene.Payout}", "payout_sent")
            .Move(new Amount(21_250, MoneyWorld.Kwd), Guildhall.Money.Ledger.Book.Reserved(deal.Provider.AccountId!.Value), Guildhall.Money.Ledger.Book.PayoutsInTransit).Post(tx));
        return scene;
    }
}
