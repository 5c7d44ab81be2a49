using Guildhall.Foundation;
using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Gateways;
using Guildhall.Money.Methods;
using Guildhall.Money.Orders;
using Guildhall.Money.Risk;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Payments;

/// <summary>(none) → created → requires_action, failed or unknown. The row is committed before the gateway is called, with a check queued behind
/// it, so that a crash at any moment is found out. One live attempt per order: a second click is told where to resume the first.</summary>
public static class StartPayment
{
    private static readonly TimeSpan FirstCheck = TimeSpan.FromSeconds(30);

    /// <param name="Phone">On which the customer wants to be asked, such as +254712345678; needed where the gateway asks by phone, else ignored.</param>
    /// <param name="KeepMethod">The customer wants what they pay with on the page to be kept for next time.</param>
    /// <param name="Method">The kept method to pay with, without a page; not together with the wish to keep.</param>
    public sealed record Body(string? Phone = null, bool KeepMethod = false, SavedMethodId? Method = null);

    internal static void Map(IEndpointRouteBuilder orders) => orders
        .MapPost("/{id}/payments", async (OrderId id, Body? body, Caller caller, Database database, GatewayBook gateways, CancellationToken stop) =>
            (await Run(database, gateways, caller, id, stop, body)).ToHttp(success: 201))
        .WithName(nameof(StartPayment)).RequiresSignIn().Idempotent().Produces<PaymentView>(201);

    /// <summary>Starts or resumes the payment of an order for its customer. The amount and currency are the order's. <c>offSession</c>: with a kept method that the
    /// customer lets be charged without being there.</summary>
    public static async Task<Result<PaymentView>> Run(Database database, GatewayBook gateways, Caller caller, OrderId id, CancellationToken stop, Body? how = null, bool offSession = false)
    {
        var begun = await database.InTransaction(tx => Begin(tx, gateways, caller, id, how ?? new Body(), offSession), stop);
        if (!begun.Is(out var asked, out var refusal)) return refusal;
        if (asked.Payment is not { } payment) return asked.Held!;
        if (payment.State == PaymentState.Created) await Open(database, gateways, caller, payment, stop);
        var now = (await Payments.Find(database, payment.Id, stop))!;
        if (ChargeMethod.NeedsPage(now)) return await Run(database, gateways, caller with { OperationId = null }, id, stop);
        return now.State == PaymentState.Failed ? (now.MethodId is null ? MoneyRefusals.GatewayRefused : MoneyRefusals.SavedMethodRefused).With(("reason", now.FailureText), ("payment", now.Id)) : now.ToView();
    }

    // Held: nothing was begun, but what was thought of it is kept.
    private sealed record Begun(Payment? Payment, Refusal? Held);

    private static async Task<Result<Begun>> Begin(Transaction tx, GatewayBook gateways, Caller caller, OrderId id, Body how, bool offSession)
    {
        var order = await Orders.Orders.Lock(tx, id);
        if (order is null || !caller.Is(order.CustomerId)) return MoneyRefusals.OrderNotFound;
        var paymentId = caller.OperationId is { } operation ? new PaymentId(operation) : tx.NewId<PaymentId>();
        var attempts = await tx.List<Payment>($"select {Payments.Columns} {Payments.From} where p.order_id = @id order by p.attempt desc limit 50", new { id });

        if (attempts.FirstOrDefault(p => p.Id == paymentId) is { } mine) return new Begun(mine, null);
        if (order.State == OrderState.Paid) return MoneyRefusals.OrderPaid;
        if (order.State != OrderState.Open) return MoneyRefusals.OrderNotOpen;
        if (order.AwaitsApproval) return MoneyRefusals.OrderAwaitsApproval;
        if (order.Total.IsZero) return MoneyRefusals.NothingToPay;
        if (order.ExpiresAt <= tx.Now) return MoneyRefusals.OrderExpired;
        if (attempts.FirstOrDefault(p => p.IsLive) is { } live)
            return MoneyRefusals.PaymentInProgress.With(("payment", live.Id), ("resumeUrl", live.ToView().RedirectUrl));

        if (await gateways.For(tx, order) is not { } gateway) return MoneyRefusals.CurrencyNotTaken;
        if (gateway.Can.Lacks(order) is { } lacking) return lacking;
        var digits = how.Phone is not { } phone ? null : new string([.. phone.Where(c => c is not (' ' or '-' or '+' or '(' or ')'))]);
        if (gateway.Can.NeedsPhone && (digits is not { Length: >= 8 and <= 15 } || !digits.All(char.IsAsciiDigit))) return MoneyRefusals.PhoneNeeded;
        SavedMethod? method = null;
        if (how.Method is { } wanted && !(await SavedMethods.ForPayment(tx, gateway, order.CustomerId, wanted)).Is(out method, out var unusable)) return unusable;
        var keeps = how.KeepMethod && method is null;
        if (keeps && await SavedMethods.CannotKeep(tx, gateway, order.CustomerId) is { } full) return full;
        if (!gateway.Status.Available) return MoneyRefusals.PaymentsUnavailable;
        var (step, attempt) = (gateway.Step(order.Currency), attempts.Count == 0 ? 1 : attempts[0].Attempt + 1);
        if (order.TotalMinor % step != 0) return MoneyRefusals.AmountNotRepresentable.With(("step", new Amount(step, order.Currency)));

        if (await JudgePayment.Run(tx, caller, order, paymentId) is { } held) return new Begun(null, held);
        await tx.ChangeOne(Insert, new { paymentId, id, gateway = gateway.Name, attempt, currency = order.Currency, total = order.TotalMinor, step, by = caller.AccountId, order.CaptureLater, holds = gateway.Can.HoldLasts,
            gateway.Can.Refund, gateway.Can.PartialRefund, phone = gateway.Can.NeedsPhone ? gateways.Seal(paymentId, digits) : null, keeps, method = method?.Id, offSession, now = tx.Now });
        await tx.ChangeOne("insert into money.payment_guards (payment_id) values (@paymentId)", new { paymentId });
        await Timeline.Note(tx, caller, paymentId, "started", new { amount = order.Total, attempt, keep = keeps ? true : (bool?)null, method = method?.Id, method?.Brand, method?.Last4 });
        await tx.Audit(caller, "payment.started", "payment", paymentId.ToString(), after: new { order = id, amount = order.Total });
        await tx.Enqueue(new CheckPayment(paymentId), runAt: tx.Now + FirstCheck, uniqueKey: paymentId.ToString());
        return new Begun(await tx.Get<Payment>($"select {Payments.Columns} {Payments.From} where p.id = @paymentId", new { paymentId }), null);
    }

    /// <summary>Asks the gateway for its payment page and records the answer. Repeating it is safe: the gateway deduplicates by our payment id,
    /// and nobody can pay at an address that nobody was told.</summary>
    internal static async Task Open(Database database, GatewayBook gateways, Caller caller, Payment payment, CancellationToken stop)
    {
        if (payment.MethodId is not null)
        {
            await ChargeMethod.Send(database, gateways, caller, payment, stop);
            return;
        }
        if (gateways.Of(payment.Gateway).Can.OpensOnce && !await OpenOnce.MayAsk(database, caller, payment, stop)) return;
        var (gateway, keepFor) = (gateways.Of(payment.Gateway), payment.KeepMethod ? await GatewayCustomer.Of(database, gateways.Of(payment.Gateway), payment.CustomerId, stop) : null);
        var answer = keepFor switch
        {
            GatewayAnswer<string>.Refused(var code, var text) => new GatewayAnswer<Opening>.Refused(code, text),
            GatewayAnswer<string>.Unknown(var why) => new GatewayAnswer<Opening>.Unknown(why),
            GatewayAnswer<string>.Accepted(var customer) => await AskForPage(database, gateways, gateway, payment, customer, stop),
            null => await AskForPage(database, gateways, gateway, payment, null, stop),
            _ => throw new InvalidOperationException(),
        };
        await database.InTransaction(tx => answer switch
        {
            GatewayAnswer<Opening>.Accepted(var page) => Opened(tx, caller, payment.Id, page),
            GatewayAnswer<Opening>.Refused(var code, var text) => Refused(tx, caller, payment, code, text),
            GatewayAnswer<Opening>.Unknown(var why) => LostAnswer(tx, caller, payment.Id, why),
            _ => throw new InvalidOperationException(),
        }, CancellationToken.None);
    }

    private static async Task<GatewayAnswer<Opening>> AskForPage(Database database, GatewayBook gateways, IGateway gateway, Payment payment, string? keepFor, CancellationToken stop)
    {
        var order = (await ReadOrder.Run(database, Caller.System("money") with { Permissions = new HashSet<string> { Permission.All } }, payment.OrderId, stop)).OrThrow();
        var phone = gateways.Open(payment.Id, await database.Find<byte[]>("select phone_sealed from money.payments where id = @Id", new { payment.Id }, stop));
        return await gateway.Create(new GatewayPaymentRequest(payment.Id, payment.OrderId, payment.Amount,
            [.. order.Lines.Select(l => new OrderLine(l.Text, l.Amount))], payment.CreatedAt, payment.CaptureLater, phone, keepFor), stop);
    }

    internal static async Task Opened(Transaction tx, Caller caller, PaymentId id, Opening page)
    {
        if (await tx.ChangeNow(MarkOpened, new { id, page.Reference, page.Page, now = tx.Now }) == 1) await Timeline.Note(tx, caller, id, page.Page is null ? "customer_asked" : "page_opened", new { page.Reference });
    }

    internal static async Task Refused(Transaction tx, Caller caller, Payment payment, string code, string text)
    {
        if (await tx.ChangeNow(MarkFailed, new { payment.Id, code, text, now = tx.Now }) == 0) return;
        await Timeline.Note(tx, caller, payment.Id, "refused_by_gateway", new { code, text });
        await tx.Audit(caller, "payment.failed", "payment", payment.Id.ToString(), after: new { code });
        await tx.Publish(new PaymentChanged(payment.Id, payment.OrderId, payment.Amount, PaymentState.Failed, payment.Gateway));
    }

    internal static async Task LostAnswer(Transaction tx, Caller caller, PaymentId id, string why)
    {
        if (await tx.ChangeNow("update money.payments set state = 'unknown', changed_at = @now where id = @id and state = 'created'", new { id, now = tx.Now }) == 1)
            await Timeline.Note(tx, caller, id, "answer_lost", new { why });
    }

    private const string Insert = """
        insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, started_by, capture_later, hold_lasts, can_refund, can_refund_part, phone_sealed,
            keep_method, method_id, off_session, created_at, changed_at)
        values (@paymentId, @id, @gateway, @attempt, 'created', @currency, @total, @step, @by, @CaptureLater, @holds, @Refund, @PartialRefund, @phone,
            @keeps, @method, @offSession, @now, @now)
        """;

    private const string MarkOpened = """
        update money.payments set state = 'requires_action', gateway_ref = @Reference, redirect_url = @Page, changed_at = @now
        where id = @id and state in ('created', 'unknown') and gateway_ref is null
        """;

    private const string MarkFailed = """
        update money.payments set state = 'failed', failure_code = @code, failure_text = @text, changed_at = @now where id = @Id and state in ('created', 'unknown')
        """;
}
