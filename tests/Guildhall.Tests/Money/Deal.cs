using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Escrow;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Money;

/// <summary>One order with its customer and provider, and what they do.</summary>
internal sealed record Deal(MoneyWorld World, Caller Customer, Caller Provider, OrderId Order)
{
    public async Task<Order> Now() => (await Orders.Find(World.Data(), Order))!;

    public async Task<Result<PaymentView>> TriesToStart(int node = 0, Guid? operation = null, string? phone = null, bool keep = false, SavedMethodId? method = null) =>
        await StartPayment.Run(World.Data(node), World.Get<Guildhall.Money.Gateways.GatewayBook>(node), Customer with { OperationId = operation }, Order, default, new StartPayment.Body(phone, keep, method));

    public async Task<PaymentView> Starts(int node = 0, string? phone = null) => (await TriesToStart(node, phone: phone)).OrThrow();

    public async Task<PaymentView> Payment(PaymentId id) => (await ReadPayment.Run(World.Data(), Customer, id, default)).OrThrow();

    public Task<string> SessionOf(PaymentId payment) => World.Database.Value<string>("select gateway_ref from money.payments where id = $1", payment.Value);

    public async Task PaysAtGateway(PaymentId payment, string outcome = "success") => await World.Gateway.Pays(await SessionOf(payment), outcome);

    public Task<PaymentView> Becomes(PaymentId id, PaymentState state) =>
        Eventually.Get(() => Payment(id), p => p.State == state, $"The payment was expected to become {state}");

    /// <summary>Starts, pays with a good card, waits until it is captured and everything after it is done.</summary>
    public async Task<PaymentId> Pays()
    {
        var payment = await Starts();
        await PaysAtGateway(payment.Id);
        await Becomes(payment.Id, PaymentState.Captured);
        return payment.Id;
    }

    public async Task<PaymentId> PaidAndReleased()
    {
        var payment = await Pays();
        (await Releases()).OrThrow();
        return payment;
    }

    public Task<Result<Amount>> Releases(int node = 0) => World.Data(node).InTransaction(tx => ReleaseEscrow.Run(tx, Caller.System("test"), Order));

    public Task<Result<RefundId>> Refunds(Amount? amount = null, int node = 0) =>
        World.Data(node).InTransaction(tx => RequestRefund.Run(tx, Caller.System("test"), Order, amount, "The customer asked."));

    public Task<Result<RefundId>> Refunds(long minor) => Refunds(new Amount(minor, Currency));

    public async Task<RefundId> Refunded(long? minor = null) => (await (minor is { } some ? Refunds(some) : Refunds())).OrThrow();

    public Currency Currency { get; init; } = MoneyWorld.Kwd;

    public Task<RefundView> Becomes(RefundId id, RefundState state) => Eventually.Get(
        async () => (await ReadRefunds.Find(World.Data(), id, default))!, r => r.State == state, $"The refund was expected to become {state}");

    /// <summary>What the books hold for this order in a platform account; positive is owed by the platform.</summary>
    public Task<long> Owes(string account) => World.Database.Value<long>("""
        select coalesce(-sum(e.minor), 0)::bigint from money.entries e join money.journals j on j.id = e.journal_id join money.accounts a on a.id = e.account_id
        where j.order_id = $1 and a.kind = $2
        """, Order.Value, account);

    /// <summary>What the books owe the provider.</summary>
    public Task<long> ProviderHas(string account = "provider_available") => World.Books.Has(Provider, account);

    /// <summary>The kinds of journal of this order, in order.</summary>
    public async Task<string> Journals() => string.Join(' ', await World.Database.Column<string>("select kind from money.journals where order_id = $1 order by id", Order.Value));
}
