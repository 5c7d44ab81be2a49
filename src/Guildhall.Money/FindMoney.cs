using Guildhall.Foundation;
using Guildhall.Money.Gateways;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money;

/// <summary>What moves money, for the search of the staff: by id, by the id of what it belongs to, by what a gateway calls it, papers by the beginning of their number.</summary>
internal static class FindMoney
{
    private sealed record Row(Guid Id, string State, string Called, Currency Currency, long Minor);
    private sealed record Paper(InvoiceId Id, string Number, Currency Currency, long Minor);
    private sealed record OrderRow(OrderId Id, string State, Currency Currency, long Minor, PaymentId? Payment);

    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton(s => Payments(s.GetRequiredService<GatewayBook>()));
        services.AddSearch(Orders);
        services.AddSingleton(s => Disputes(s.GetRequiredService<GatewayBook>()));
        services.AddSearch(Withdrawals);
        services.AddSearch(Invoices);
    }

    private static SearchPart Payments(GatewayBook gateways) => new("payments", MoneyPermissions.PaymentView, async (database, text, stop) =>
        Hits<PaymentId>(await database.List<Row>(ReadPayments, new
        {
            id = SearchPart.IdIn<PaymentId>(text), order = SearchPart.IdIn<OrderId>(text), refund = SearchPart.IdIn<RefundId>(text), text, gateways = Names(gateways), limit = SearchPart.Most + 1,
        }, stop), "payments"));

    private static SearchPart Disputes(GatewayBook gateways) => new("disputes", MoneyPermissions.PaymentView, async (database, text, stop) =>
        Hits<DisputeId>(await database.List<Row>(ReadDisputes, new
        {
            id = SearchPart.IdIn<DisputeId>(text), payment = SearchPart.IdIn<PaymentId>(text), order = SearchPart.IdIn<OrderId>(text), text, gateways = Names(gateways), limit = SearchPart.Most + 1,
        }, stop), "disputes"));

    // An order has no page of its own: the payment that paid it, or its last, shows it.
    private static SearchPart Orders { get; } = new("orders", MoneyPermissions.PaymentView, async (database, text, stop) =>
        SearchPart.IdIn<OrderId>(text) is { } id && await database.Find<OrderRow>(ReadOrder, new { id }, stop) is { } found
            ? [new SearchHit(found.Id.ToString(), new Amount(found.Minor, found.Currency).ToString(), null, found.State, found.Payment is { } payment ? $"/console/payments/{payment}" : null)] : []);

    private static SearchPart Withdrawals { get; } = new("withdrawals", MoneyPermissions.WithdrawalView, async (database, text, stop) =>
    {
        var (id, payout) = (SearchPart.IdIn<WithdrawalId>(text), SearchPart.IdIn<PayoutId>(text));
        return id is null && payout is null ? [] : Hits<WithdrawalId>(await database.List<Row>(ReadWithdrawals, new { id, payout }, stop), "withdrawals");
    });

    private static SearchPart Invoices { get; } = new("invoices", MoneyPermissions.InvoiceView, async (database, text, stop) =>
        [.. (await database.List<Paper>(ReadInvoices, new
        {
            id = SearchPart.IdIn<InvoiceId>(text), order = SearchPart.IdIn<OrderId>(text), begins = SearchPart.Begins(text.ToUpperInvariant()), limit = SearchPart.Most + 1,
        }, stop)).Select(i => new SearchHit(i.Id.ToString(), i.Number, new Amount(i.Minor, i.Currency).ToString(), null, $"/console/invoices/{i.Id}"))]);

    // Names of gateways lead the index of their references. Of a gateway that is no longer set up things are found by our own ids only.
    private static string[] Names(GatewayBook gateways) => [.. gateways.All.Select(g => g.Name)];

    private static IReadOnlyList<SearchHit> Hits<TId>(IReadOnlyList<Row> rows, string page) where TId : struct, IId<TId> =>
        [.. rows.Select(r => (Row: r, Id: Id.Format(TId.From(r.Id)))).Select(r => new SearchHit(r.Id, new Amount(r.Row.Minor, r.Row.Currency).ToString(), r.Row.Called, r.Row.State, $"/console/{page}/{r.Id}"))];

    private const string ReadPayments = """
        with found as (
            select id from money.payments where id = @id
            union select id from money.payments where order_id = @order
            union select id from money.payments where gateway = any (@gateways) and gateway_ref = @text
            union select id from money.payments where gateway = any (@gateways) and gateway_payment = @text
            union select payment_id from money.refunds where id = @refund
            union select payment_id from money.refunds where gateway_ref = @text)
        select p.id, p.state, p.gateway as called, p.currency, p.amount_minor as minor from found f join money.payments p on p.id = f.id order by p.id desc limit @limit
        """;

    private const string ReadDisputes = """
        with found as (
            select id from money.disputes where id = @id
            union select id from money.disputes where payment_id = @payment
            union select id from money.disputes where order_id = @order
            union select id from money.disputes where gateway = any (@gateways) and gateway_ref = @text)
        select d.id, d.state, d.gateway as called, d.currency, d.minor from found f join money.disputes d on d.id = f.id order by d.id desc limit @limit
        """;

    private const string ReadOrder = """
        select o.id, o.state, o.currency, o.total_minor as minor,
            coalesce(o.paid_payment_id, (select p.id from money.payments p where p.order_id = o.id order by p.attempt desc limit 1)) as payment
        from money.orders o where o.id = @id
        """;

    private const string ReadWithdrawals = """
        with found as (
            select id from money.withdrawals where id = @id
            union select withdrawal_id from money.payouts where id = @payout)
        select w.id, w.state, d.hint as called, w.currency, w.minor from found f join money.withdrawals w on w.id = f.id join money.destinations d on d.id = w.destination_id
        """;

    private const string ReadInvoices = """
        with found as (
            select id from money.invoices where id = @id
            union select id from money.invoices where order_id = @order
            union (select id from money.invoices where number like @begins order by number using ~<~ limit @limit))
        select i.id, i.number, i.currency, i.total_minor as minor from found f join money.invoices i on i.id = f.id order by i.id desc limit @limit
        """;
}
