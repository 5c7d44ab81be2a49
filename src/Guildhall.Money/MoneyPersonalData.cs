using Guildhall.Foundation.Audit;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Money.Invoices;
using Guildhall.Money.Methods;
using System.Text.Json;

namespace Guildhall.Money;

/// <summary>What this module holds about a person: what they bought, sold, paid, were paid and were invoiced. Books and documents stay by law, without a name:
/// the buyer of an invoice is sealed with the person's key.</summary>
internal static class MoneyPersonalData
{
    public static PersonalData Part { get; } = new("money", Read, Objection, Erase);

    private sealed record Sale(string Id, string Purpose, string Role, string State, string Currency, long TotalMinor, DateTimeOffset CreatedAt, DateTimeOffset? PaidAt);
    private sealed record Paid(string OrderId, string Gateway, string State, string Currency, long AmountMinor, DateTimeOffset CreatedAt, DateTimeOffset? CapturedAt);
    private sealed record Back(string OrderId, string State, string Currency, long Minor, string Reason, DateTimeOffset CreatedAt);
    private sealed record Document(string Kind, string Number, string Currency, long TotalMinor, DateTimeOffset IssuedAt, byte[] BuyerSealed);
    private sealed record Withdrawn(string State, string Currency, long Minor, DateTimeOffset RequestedAt);
    private sealed record Bank(string Hint, DateTimeOffset CreatedAt, DateTimeOffset? RetiredAt);
    private sealed record Card(string Gateway, string Brand, string Last4, int ExpMonth, int ExpYear, DateTimeOffset SavedAt, DateTimeOffset? RemovedAt);
    private sealed record Judged(string OrderId, string Outcome, int Score, string? Address, string Inputs, DateTimeOffset At);

    private static async Task<object> Read(Database database, Guid person, CancellationToken stop)
    {
        var args = new { person, most = PersonalData.Most };
        return new
        {
            orders = await database.List<Sale>(OrdersSql, args, stop),
            payments = await database.List<Paid>(PaymentsSql, args, stop),
            refunds = await database.List<Back>(RefundsSql, args, stop),
            documents = await Documents(database, person, stop),
            withdrawals = await database.List<Withdrawn>("select state, currency, minor, requested_at from money.withdrawals where provider_id = @person order by id desc limit @most", args, stop),
            bankAccounts = await database.List<Bank>("select hint, created_at, retired_at from money.destinations where provider_id = @person order by id desc limit @most", args, stop),
            paymentMethods = await database.List<Card>(CardsSql, args, stop),
            riskDecisions = await database.List<Judged>(RiskSql, args, stop),
        };
    }

    private static async Task<object> Documents(Database database, Guid person, CancellationToken stop)
    {
        var documents = new List<object>();
        foreach (var row in await database.List<Document>(DocumentsSql, new { person, most = PersonalData.Most }, stop))
            documents.Add(new { row.Kind, row.Number, row.Currency, row.TotalMinor, row.IssuedAt, buyer = (await PersonKeys.Open(database, person, row.BuyerSealed, stop))?.Deserialize<Buyer>(JsonRules.Options) });
        return documents;
    }

    private static async Task<string?> Objection(Transaction tx, Guid person) => await tx.Find<string>(StandsAgainst, new { person, now = tx.Now }) switch
    {
        "open" => "An order is not paid yet. Pay it or let it run out.",
        "moving" => "A payment or refund is under way. Wait until it has ended.",
        "escrow" => "Money of an order is held until the order is done. Have it completed or cancelled.",
        "withdrawal" => "A withdrawal is under way. Wait until it has ended.",
        "dispute" => "A dispute is open. Wait until it is decided.",
        "complaint" => "A complaint about an order is open. Wait until it is settled.",
        "balance" => "There is money on your balance, or money owed. Withdraw or settle it first.",
        _ => null,
    };

    private static async Task Erase(Transaction tx, Guid person)
    {
        foreach (var id in await tx.List<SavedMethodId>("select id from money.saved_methods where account_id = @person and removed_at is null limit 1000", new { person }))
            if (await SavedMethods.Lock(tx, person, id) is { RemovedAt: null } method) await RemoveMethod.Mark(tx, Caller.System("erasure"), method, "customer");
        // A receiver that the books name stays; what it is called does not.
        await tx.Change("update money.destinations set holder_sealed = '', hint = '', retired_at = coalesce(retired_at, @now) where provider_id = @person", new { person, now = tx.Now });
        await tx.Change("update money.payments set phone_sealed = null where phone_sealed is not null and order_id in (select id from money.orders where customer_id = @person)", new { person });
    }

    private const string StandsAgainst = """
        with mine as (select o.id, o.state, o.expires_at, o.paid_payment_id, o.released_at from money.orders o where o.customer_id = @person or o.provider_id = @person)
        select case
            when exists (select 1 from mine where state = 'open' and expires_at > @now) then 'open'
            when exists (select 1 from money.payments p join mine o on o.id = p.order_id where p.state in ('created', 'requires_action', 'authorized', 'capturing', 'unknown'))
                or exists (select 1 from money.refunds r join mine o on o.id = r.order_id where r.state in ('pending', 'unknown')) then 'moving'
            when exists (select 1 from money.disputes d join mine o on o.id = d.order_id where d.closed_at is null) then 'dispute'
            when exists (select 1 from money.order_holds h join mine o on o.id = h.order_id where h.ended_at is null) then 'complaint'
            when exists (select 1 from mine o join money.payment_guards g on g.payment_id = o.paid_payment_id
                where o.state = 'paid' and o.released_at is null and g.captured_minor > g.refunded_minor + g.disputed_minor + g.parted_minor) then 'escrow'
            when exists (select 1 from money.withdrawals w where w.provider_id = @person and w.state in ('pending', 'approved', 'processing', 'unknown')) then 'withdrawal'
            when exists (select 1 from money.accounts a join money.balances b on b.account_id = a.id where a.owner_id = @person and b.owed_minor <> 0) then 'balance'
        end
        """;

    private const string OrdersSql = """
        select o.id::text as id, o.purpose, case when o.customer_id = @person then 'buyer' else 'seller' end as role, o.state, o.currency, o.total_minor, o.created_at, o.paid_at
        from money.orders o where o.customer_id = @person or o.provider_id = @person order by o.id desc limit @most
        """;

    private const string PaymentsSql = """
        select p.order_id::text as order_id, p.gateway, p.state, p.currency, p.amount_minor, p.created_at, p.captured_at
        from money.payments p join money.orders o on o.id = p.order_id where o.customer_id = @person order by p.id desc limit @most
        """;

    private const string RefundsSql = """
        select r.order_id::text as order_id, r.state, r.currency, r.minor, r.reason, r.created_at
        from money.refunds r join money.orders o on o.id = r.order_id where o.customer_id = @person order by r.id desc limit @most
        """;

    private const string DocumentsSql = """
        select i.kind, i.number, i.currency, i.total_minor, i.issued_at, i.buyer_sealed from money.invoices i where i.buyer_id = @person order by i.id desc limit @most
        """;

    private const string CardsSql = """
        select gateway, brand, last4, exp_month, exp_year, saved_at, removed_at from money.saved_methods where account_id = @person order by id desc limit @most
        """;

    private const string RiskSql = """
        select order_id::text as order_id, outcome, score, host(address) as address, inputs, at from money.risk_decisions where customer_id = @person order by id desc limit @most
        """;
}
