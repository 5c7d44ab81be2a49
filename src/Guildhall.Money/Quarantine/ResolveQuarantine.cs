using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Payments;
using Guildhall.Money.Settlements;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Quarantine;

/// <summary>A person decides once what becomes of something that was set aside: the money goes back through the gateway, booked in and out through suspense; or it is
/// booked as it is, when it is less than was asked; or it is explained. A payment that waited for it ends.</summary>
public static class ResolveQuarantine
{
    public sealed record Body(Resolution How, string Reason);

    private sealed record Locked(OrderId OrderId, PaymentState State);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/quarantine/{id:long}/actions/resolve", async (long id, Body body, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Run(database, gateways, caller, id, body, stop)).ToHttp())
        .WithName(nameof(ResolveQuarantine)).Requires(MoneyPermissions.PaymentResolve).Idempotent().Produces<QuarantineView>();

    public static async Task<Result<QuarantineView>> Run(Database database, GatewayBook gateways, Caller caller, long id, Body body, CancellationToken stop)
    {
        var done = await database.InTransaction(tx => Decide(tx, gateways, caller, id, body), stop);
        return done.Granted ? await ListQuarantine.One(database, id, stop) : done.Refusal;
    }

    private static async Task<Result<Done>> Decide(Transaction tx, GatewayBook gateways, Caller caller, long id, Body body)
    {
        if (body.Reason is not { Length: >= 1 and <= 500 }) return MoneyRefusals.ReasonMissing;
        var payment = await tx.Find<Locked>(LockPayment, new { id }); // order, payment and guard first, then the row itself
        await tx.Find<long?>("select id from money.quarantine where id = @id for update", new { id });
        if (await tx.Find<QuarantineItem>($"{QuarantineItem.Select} where q.id = @id", new { id }) is not { } item) return MoneyRefusals.QuarantineNotFound;
        if (item.ResolvedAt is not null) return MoneyRefusals.QuarantineResolved;

        await tx.ChangeOne(Mark, new { id, body.How, body.Reason, by = caller.AccountId, now = tx.Now });
        await tx.Audit(caller, "quarantine.resolved", "quarantine", id.ToString(System.Globalization.CultureInfo.InvariantCulture), before: new { item.Reason, item.Expected, item.Reported }, after: new { body.How }, why: body.Reason);
        if (item.PaymentId is not { } of || payment is null) return body.How == Resolution.Explained ? default(Done) : MoneyRefusals.QuarantineNotSendable;
        await Timeline.Note(tx, caller, of, "quarantine_" + Names.Of(body.How), new { item.Reason, item.Reported, why = body.Reason });
        tx.Hint($"order:{payment.OrderId}");

        if (body.How == Resolution.Accepted)
            return !item.Acceptable ? MoneyRefusals.QuarantineNotAcceptable
                : (await SettlePayment.Accept(tx, caller, of, new Amount(item.Minor!.Value, Currency.Of(item.Currency!)), item.GatewayPayment)).Refusal is { } no ? no : default(Done);
        if (body.How == Resolution.SentBack && await SendBackMoney(tx, gateways, caller, item, of, payment.OrderId) is { } objection) return objection;
        return await EndPayment(tx, caller, item, of, payment.State, body.Reason);
    }

    // A payment that waited for money which is dealt with otherwise does not wait for ever; money that is only held is let go.
    private static async Task<Result<Done>> EndPayment(Transaction tx, Caller caller, QuarantineItem item, PaymentId payment, PaymentState state, string why)
    {
        if (!Payment.IsLiveIn(state) || item.Reason is not ("wrong_amount" or "wrong_currency" or "unknown_currency")) return default(Done);
        if (item.FactState == FactState.Authorized) await CancelPayment.Ask(tx, caller, payment, why);
        else await SettlePayment.Run(tx, caller, new PaymentFact(payment, FactState.Failed, new Amount(item.AmountMinor!.Value, Currency.Of(item.PaidCurrency!)), Code: "quarantined", Text: why));
        return default(Done);
    }

    private static async Task<Refusal?> SendBackMoney(Transaction tx, GatewayBook gateways, Caller caller, QuarantineItem item, PaymentId payment, OrderId order)
    {
        if (item.Sendable <= 0 || !gateways.Of(item.Gateway!).Can.Refund) return MoneyRefusals.QuarantineNotSendable;
        var (id, amount) = (tx.NewId<RefundId>(), new Amount(item.Sendable, Currency.Of(item.Currency!)));
        var known = await tx.Get<bool>("select exists (select 1 from money.send_backs where quarantine_id = @Id)", new { item.Id });
        await tx.ChangeOne(Insert, new { id, quarantine = item.Id, payment, order, item.Gateway, item.GatewayPayment, amount.Currency, amount.Minor, by = caller.AccountId, now = tx.Now });
        if (!known) await new Journal($"quarantine:{item.Id}", "quarantine_received", order).Move(amount, debit: HeldBy.Account(item.Gateway!), credit: Book.Platform(AccountKind.Suspense)).Post(tx);
        await new Journal($"send_back:{id}", "send_back", order).Move(amount, debit: Book.Platform(AccountKind.Suspense), credit: Book.RefundsInTransit).Post(tx);
        await tx.Enqueue(new SendBack(id), uniqueKey: id.ToString());
        return null;
    }

    private const string LockPayment = """
        select o.id as order_id, p.state from money.orders o join money.payments p on p.order_id = o.id join money.payment_guards g on g.payment_id = p.id
        where p.id = (select payment_id from money.quarantine where id = @id) for update of o, p, g
        """;

    private const string Mark = """
        update money.quarantine set resolution = @How, resolved_by = @by, resolved_at = @now, resolved_why = @Reason where id = @id and resolved_at is null
        """;

    private const string Insert = """
        insert into money.send_backs (id, quarantine_id, payment_id, order_id, state, gateway, gateway_payment, currency, minor, requested_by, created_at)
        values (@id, @quarantine, @payment, @order, 'pending', @Gateway, @GatewayPayment, @Currency, @Minor, @by, @now)
        """;
}
