using System.Globalization;
using System.Text;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Disputes;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using static Guildhall.Tests.Money.Simulation.VirtualStripe;

namespace Guildhall.Tests.Money.Simulation;

/// <summary>More states of a sale and more of what may be done to it: held money, disputes, batches, money by hand, what was set aside, the books.</summary>
internal sealed partial class Sale
{
    private readonly Caller _second = MoneyWorld.Person("*");
    private string? _dispute, _batch, _approval, _rate;

    private Task Says(string setting, object value) => world.Database.Execute("""
        insert into foundation.settings (key, value, version, changed_at) values ($1, to_jsonb($2), 1, now()) on conflict (key) do update set value = excluded.value
        """.Replace("to_jsonb($2)", value is int ? "to_jsonb($2::int)" : "to_jsonb($2::text)", StringComparison.Ordinal), setting, value);

    public async Task Keeps(int basisPoints)
    {
        await Says("money.rolling_reserve_basis_points", basisPoints);
        await Says("money.rolling_reserve_days", 2);
    }

    public Task ProviderBears() => Says("money.dispute_fee_bearer", "provider");
    public void DaysPass(int days) => world.Time.Passes(TimeSpan.FromDays(days));

    /// <summary>Every message that waits is lost, and so much time goes by that we ask by ourselves.</summary>
    public void NobodyTells()
    {
        world.Gate.Events.Clear();
        DaysPass(1);
    }

    public void Becomes(string kind, string status) => world.Gate.Becomes(world.Gate.All(kind)[^1], status);

    public async Task Free() => order = await world.Data(1).InTransaction(tx => PlaceOrder.Run(tx, customer,
        new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", Guid.NewGuid(), [new OrderLine("Nothing", new Amount(0, MoneyWorld.Kwd))], tx.Now.AddMinutes(30))));

    public Task GoesAway() => world.Data(1).InTransaction(tx => CancelOrder.Run(tx, Caller.System("test"), order, "The customer went away."));

    public async Task ComesBack(int node)
    {
        var visitor = world.As(MoneyWorld.Person());
        visitor.OnlyNode = node;
        await visitor.Send(HttpMethod.Get, $"/return/stripe/{_payment}", null, Header);
    }

    public async Task Held()
    {
        order = await world.Data(1).InTransaction(tx => PlaceOrder.Run(tx, customer, new NewOrder(customer.AccountId!.Value, provider.AccountId!.Value, "test", Guid.NewGuid(),
            [new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], tx.Now.AddMinutes(30), CaptureLater: true)));
        await OnPage();
        await Settles("send_capture");
    }

    public Task Captures(int node, long? minor = null) => Post(_staff, $"payments/{_payment}/actions/capture", new { amount = minor is { } some ? new { minor = some, currency = "KWD" } : null }, node);

    public Task Voids(int node) => Post(_staff, $"payments/{_payment}/actions/void", new { reason = "Not needed." }, node);
    public Task Complains(int node) => Post(customer, $"orders/{order}/hold", new { reason = "Nobody came." }, node);

    /// <summary>The first page is closed and a second one paid; then money comes for the first.</summary>
    public async Task PaidTwice()
    {
        await Does(() => Starts(0));
        var first = world.Gate.All("checkout.session")[^1];
        await Does(() => Cancels(0));
        await Settles();
        _keys.Clear();
        await Paid();
        world.Gate.Pays(first, declined: false, late: true);
    }

    /// <summary>Paid, and nothing done after it.</summary>
    public async Task OnlyPaid()
    {
        await OnPage();
        await Does(() => Webhook(1, "payment_intent.succeeded"));
        await Settles("issue_order_invoice");
    }

    public async Task Refunded(string but = "")
    {
        await Paid();
        await GetsBack(but);
    }

    private async Task GetsBack(string but = "")
    {
        await Does(() => Refunds(0));
        await Does(() => Job(0, "send_refund"));
        if (Text(world.Gate.All("refund")[^1], "status") is "pending") Becomes("refund", "succeeded");
        await Settles(but);
        await Settles(but);
    }

    public void IsDisputed() => world.Gate.Disputes(world.Gate.All("payment_intent")[^1], 25_000);
    public void BankDecides(bool won) => world.Gate.Decides(world.Gate.All("dispute")[^1], won);

    public async Task Disputed()
    {
        await Paid();
        IsDisputed();
        await Settles();
        await Settles();
        _dispute = new DisputeId(Guid.Parse(await world.Database.Value<string>($"select id::text from money.disputes where order_id = '{order.Value}'"))).ToString();
    }

    public Task Looks() => world.Data(1).InTransaction(tx => LookForDisputes.Plan(tx, world.Get<DisputeDesks>(1)));

    public Task Answers(int node) => Post(_staff, $"admin/disputes/{_dispute}/evidence", new { other = "They were there." }, node);

    public Task GivesUp(int node) => Post(_staff, $"admin/disputes/{_dispute}/accept", new { reason = "They are right." }, node);

    public void HasNoAccount() => world.Gate.RefusesAccounts = true;
    public async Task ApprovedByFile()
    {
        await Says("money.bank_file_currencies", "KWD");
        await Asked();
        await Does(() => Approves(0));
    }

    public async Task Built()
    {
        await ApprovedByFile();
        await Does(() => Builds(0));
    }

    public async Task Builds(int node)
    {
        if (await Post(_staff, "admin/payout-batches", new { currency = "KWD" }, node) is { Status: 201 } answer) _batch = answer.Json.GetProperty("id").GetString();
    }

    public Task Batch(int node, string act) => Post(_second, $"admin/payout-batches/{_batch}/actions/{act}", new { revision = act is "send" ? 2 : 1 }, node);

    public async Task AtBank()
    {
        await Built();
        await Does(() => Batch(0, "approve"));
        await Does(() => Batch(0, "send"));
    }

    public async Task BankSays(int node, string outcome)
    {
        var end = await world.Database.Value<string>($"select p.end_to_end from money.payouts p join money.withdrawals w on w.id = p.withdrawal_id where w.provider_id = '{provider.AccountId}'");
        _keys.Remove("admin/bank-results");
        await Post(_staff, "admin/bank-results", new { reference = $"{outcome}-{end}", endToEnd = end, outcome, amount = new { minor = 21_250, currency = "KWD" } }, node);
    }

    public Task ProposesSettlement(int node) => Proposes($"admin/orders/{order}/settlements", new { by = "cash", document = $"R-{order}", reason = "Paid at the desk." }, node);

    private async Task Proposes(string path, object body, int node)
    {
        if (await Post(_staff, path, body, node) is { Status: 202 } answer) _approval = answer.Json.GetProperty("id").GetString();
    }

    public Task Agrees(int node) => Post(_second, $"admin/approvals/{_approval}/actions/approve", new { }, node);

    public async Task PaidByHand()
    {
        await Does(() => ProposesSettlement(0));
        await Does(() => Agrees(0));
        await Settles();
        _payment = new PaymentId(Guid.Parse(await world.Database.Value<string>($"select paid_payment_id::text from money.orders where id = '{order.Value}'"))).ToString();
    }

    public async Task HandsOver(int node)
    {
        var refund = new RefundId(Guid.Parse(await world.Database.Value<string>($"select id::text from money.refunds where order_id = '{order.Value}'")));
        await Proposes($"admin/refunds/{refund}/settlements", new { document = $"H-{refund}", reason = "Handed over." }, node);
    }

    /// <summary>The provider has withdrawn all, and then the customer gets some back.</summary>
    public async Task Owes()
    {
        await InTransit();
        Becomes("payout", "paid");
        await Settles();
        await GetsBack();
    }

    public Task ProposesWriteOff(int node) => Proposes($"admin/providers/{provider.AccountId}/write-offs", new { amount = new { minor = 8_500, currency = "KWD" }, reason = "They will not come back." }, node);

    /// <summary>The customer paid so much more (or less) than was asked; the page is closed.</summary>
    public async Task SetAside(long more)
    {
        await Does(() => Starts(0));
        world.Gate.TakesWrongly(world.Gate.All("checkout.session")[^1], more, inEuros: false);
        await Settles();
    }

    public async Task Resolves(int node, string how)
    {
        var item = await world.Database.Value<long>("select q.id from money.quarantine q join money.payments p on p.id = q.payment_id where p.order_id = $1", order.Value);
        await Post(_staff, $"admin/quarantine/{item}/actions/resolve", new { how, reason = "Looked at." }, node);
    }

    public async Task ClosesMonth(int node)
    {
        var last = await world.Database.Value<DateTime?>("select max(until) from money.closings");
        var month = (last ?? world.Time.GetUtcNow().UtcDateTime.AddMonths(-1)).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        await Post(_staff, $"admin/ledger/periods/{month}/actions/close", new { why = "Looked at." }, node);
        await Job(node, "freeze_period");
    }

    public async Task Rates()
    {
        await Paid();
        var answer = await Post(_staff, "admin/ledger/rates", new { @base = "USD", quote = "KWD", numerator = 307, denominator = 1000, source = "a bank", quotedAt = world.Time.GetUtcNow() }, 1);
        _rate = answer.Must(201).Json.GetProperty("id").GetString();
    }

    public Task Converts(int node) => Post(_staff, "admin/ledger/conversions", new { amount = new { minor = 10_000, currency = "KWD" }, from = "gateway_clearing", to = "bank", rate = _rate, why = "Sold." }, node);

    /// <summary>The gateway's report of this sale: the charge with its fee, and what it sent to our bank and got back.</summary>
    public async Task Reports()
    {
        var now = world.Time.GetUtcNow().UtcDateTime;
        string At(int days) => now.AddDays(days).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var (day, key) = (now.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Guid.NewGuid().ToString("n"));
        string[] rows =
        [
            "id,kind,currency,amount,fee,at,arrives_on,reference,gateway_ref,batch,text", $"txn_{key},charge,KWD,25.000,0.100,{At(0)},,{_payment},,,",
            $"po_{key},settlement,KWD,-5.000,0.000,{At(0)},{day},,po_{key},,", $"back_{key},settlement_back,KWD,5.000,0.000,{At(0)},,,po_{key},,",
        ];
        var visitor = world.As(_staff);
        visitor.OnlyNode = 1;
        (await visitor.Send(HttpMethod.Post, "admin/reconciliation/reports?source=stripe&format=plain_csv", new ByteArrayContent(Encoding.UTF8.GetBytes(string.Join("\r\n", rows) + "\r\n")), Header)).Must(201);
    }

    /// <summary>Whatever banks and people have not done yet, so that everything comes to its end.</summary>
    public async Task Finishes()
    {
        foreach (var dispute in world.Gate.All("dispute").Where(d => Text(d, "status") is "needs_response" or "under_review")) world.Gate.Decides(dispute, won: false);
        var now = await Now();
        if (now.EndsWith("discarded", StringComparison.Ordinal)) { _keys.Clear(); await Does(() => Builds(1)); }
        if (_batch is not null)
        {
            foreach (var act in new[] { "approve", "send" }) await Does(() => Batch(1, act));
            await Does(() => BankSays(1, "paid"));
        }
        if (now.EndsWith("refund pending", StringComparison.Ordinal)) await Does(() => Agrees(1));
        DaysPass(3);
        for (var i = 0; i < 3; i++) await Settles();
    }
}
