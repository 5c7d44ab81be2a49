using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Money.Approvals;
using Guildhall.Money.Gateways;
using Guildhall.Money.Ledger;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Money.Settlements;

/// <summary>How money came or went outside every gateway. The name is what stands in <c>payments.gateway</c>.</summary>
public enum ByHand { Cash, BankTransfer }

/// <summary>An order was paid in cash or by bank transfer: one member of staff records it, another approves, and then the order is paid by the
/// same path as any other. The amount is the order's; a transfer of another amount is not a payment of it.</summary>
public static class RecordSettlement
{
    /// <summary>How it was paid, and by which document it can be found again: the number of a receipt, the reference of a transfer.</summary>
    public sealed record Body(ByHand By, string Document, string Reason);

    internal sealed record Facts(OrderId Order, ByHand By, string Document);

    internal const string Kind = "settlement";

    internal static readonly ApprovalKind Approval = ApprovalKind.Of<Facts>(Kind, MoneyPermissions.SettlementRecord, Act);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPost("/orders/{id}/settlements", async (OrderId id, Body body, Caller caller, Database database, CancellationToken stop) =>
            (await Run(database, caller, id, body, stop)).ToHttp(success: 202))
        .WithName(nameof(RecordSettlement)).Requires(MoneyPermissions.SettlementRecord).Idempotent().Produces<ApprovalView>(202);

    public static async Task<Result<ApprovalView>> Run(Database database, Caller caller, OrderId id, Body body, CancellationToken stop)
    {
        if (HeldBy.Document(body.Document) is not { } document) return MoneyRefusals.DocumentMissing;
        return await ProposeApproval.In(database, async tx =>
        {
            var order = await Orders.Orders.Lock(tx, id);
            if (order is null) return MoneyRefusals.OrderNotFound;
            if (await Objection(tx, order, [caller.AccountId!.Value]) is { } objection) return objection;
            if (await tx.Get<bool>(IsUsed, new { gateway = Names.Of(body.By), document })) return MoneyRefusals.DocumentUsed;
            return await ProposeApproval.Run(tx, caller, Kind, id.ToString(), new Facts(id, body.By, document), order.Total, body.Reason);
        }, stop);
    }

    private static async Task<Result<Done>> Act(Transaction tx, Caller caller, Approval approval, Facts facts)
    {
        var order = await Orders.Orders.Lock(tx, facts.Order);
        if (order is null) return MoneyRefusals.OrderNotFound;
        if (await Objection(tx, order, [caller.AccountId!.Value, approval.AskedBy]) is { } objection) return objection;
        // A page that can still be paid is closed first: the customer shall not pay twice.
        var attempts = await tx.List<Payment>($"select {Payments.Payments.Columns} {Payments.Payments.From} where p.order_id = @Id order by p.attempt desc limit 50", new { order.Id });
        if (attempts.FirstOrDefault(p => p.IsLive) is { } live) return MoneyRefusals.PaymentInProgress.With(("payment", live.Id));

        var payment = tx.NewId<PaymentId>();
        var unused = await tx.Attempt(() => tx.ChangeOne(Insert, new
        {
            payment, order.Id, gateway = Names.Of(facts.By), attempt = attempts.Count == 0 ? 1 : attempts[0].Attempt + 1,
            currency = order.Currency, total = order.TotalMinor, facts.Document, by = approval.AskedBy, now = tx.Now,
        }), "payments_gateway_payment");
        if (!unused) return MoneyRefusals.DocumentUsed;
        await tx.ChangeOne("insert into money.payment_guards (payment_id) values (@payment)", new { payment });
        await Timeline.Note(tx, caller, payment, "recorded", new { approval = approval.Id, by = Names.Of(facts.By), facts.Document, proposedBy = approval.AskedBy, approval.Reason });
        var settled = await SettlePayment.Run(tx, caller, new PaymentFact(payment, FactState.Captured, order.Total, facts.Document));
        return settled.Is(out _, out var refusal) ? default(Done) : refusal;
    }

    // Neither who sells nor who buys has a part in saying that money came.
    private static async Task<Refusal?> Objection(Transaction tx, Order order, Guid[] people)
    {
        if (order.State == OrderState.Paid) return MoneyRefusals.OrderPaid;
        if (order.AwaitsApproval) return MoneyRefusals.OrderAwaitsApproval;
        if (order.Total.IsZero) return MoneyRefusals.NothingToPay; // it is paid by itself
        foreach (var person in people)
            if (await Accounts.AreOnePerson(tx, person, order.CustomerId) || await Accounts.AreOnePerson(tx, person, order.ProviderId)) return MoneyRefusals.SettlementOwn;
        return null;
    }

    private const string IsUsed = "select exists (select 1 from money.payments where gateway = @gateway and gateway_payment = @document)";

    private const string Insert = """
        insert into money.payments (id, order_id, gateway, attempt, state, currency, amount_minor, step_minor, gateway_payment, started_by, created_at, changed_at)
        values (@payment, @Id, @gateway, @attempt, 'created', @currency, @total, 1, @Document, @by, @now, @now)
        """;
}

/// <summary>Where money lies that a payment brought: with the gateway, in the till, or in the bank.</summary>
internal static class HeldBy
{
    /// <summary>The name of a document as it is compared: one paper has one spelling. Null when there is none, or of more than 100 characters.</summary>
    public static string? Document(string? name) =>
        string.Join(' ', (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant() is { Length: >= 1 and <= 100 } document ? document : null;

    public static bool IsByHand(string gateway) => Account(gateway) != Book.Clearing;

    public static (AccountKind, Guid?) Account(string gateway) => gateway switch
    {
        "cash" => Book.Platform(AccountKind.Cash),
        "bank_transfer" => Book.Platform(AccountKind.Bank),
        _ => Book.Clearing,
    };
}
