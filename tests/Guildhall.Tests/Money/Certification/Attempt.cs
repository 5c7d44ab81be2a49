using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Refunds;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Certification;

/// <summary>How an answer is spoilt.</summary>
internal enum Fault { Cut, Slow, NoConnection, Html, Empty, Half, Broken, TooMany, WrongKey }

/// <summary>One check of one gateway under way: what the people in it do, and what is looked at afterwards. Everything goes through the product's own doors.</summary>
internal sealed class Attempt(Partner partner)
{
    public Partner Partner => partner;
    public MoneyWorld World => partner.World;
    public Capabilities Can => partner.Can;
    public Amount Price => partner.Price;
    public long Step => partner.Gateway.Step(Price.Currency);

    /// <summary>How many calls were spoilt since the line was.</summary>
    public int Spoilt => _spoilt;

    private int _spoilt;

    public async Task<Deal> Order(Amount? total = null, bool captureLater = false) =>
        await World.OrderOf([new OrderLine("A session – جلسة", total ?? Price)], captureLater: captureLater) with { Currency = (total ?? Price).Currency };

    public async Task<(Deal Deal, PaymentView Payment)> Opened(bool captureLater = false, Amount? total = null)
    {
        var deal = await Order(total, captureLater);
        return (deal, await Starts(deal));
    }

    public async Task<PaymentView> Starts(Deal deal)
    {
        var payment = await deal.Starts(phone: partner.Phone());
        (payment.Gateway, payment.State).ShouldBe((partner.Name, PaymentState.RequiresAction));
        return payment;
    }

    public async Task<(Deal Deal, PaymentView Payment)> Paid()
    {
        var (deal, payment) = await Opened();
        await partner.Pays(payment);
        await IsCaptured(deal, payment.Id);
        await World.EventuallyOr("The gateway has not told its name of the money.", async () => await Money(payment.Id) is not null);
        return (deal, payment);
    }

    public Task<string?> Money(PaymentId payment) => World.Database.Value<string?>("select gateway_payment from money.payments where id = $1", payment.Value);

    /// <summary>Captured once here, once there, and the order paid once.</summary>
    public async Task IsCaptured(Deal deal, PaymentId payment)
    {
        await deal.Becomes(payment, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        (await deal.Owes("escrow")).ShouldBe(Price.Minor);
        await World.EventuallyOr("Nobody heard that the order is paid.", () => Task.FromResult(World.Paid.Contains(deal.Order)));
        World.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    /// <summary>Nothing was booked, and the payment waits as before.</summary>
    public async Task IsUntouched(Deal deal, PaymentId payment)
    {
        await World.JobsAreDone();
        (await deal.Payment(payment)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
        (await deal.Now()).State.ShouldBe(OrderState.Open);
    }

    /// <summary>The browser comes back, which makes the product ask; all that follows is waited for.</summary>
    public async Task Asks(PaymentId payment)
    {
        (await Returns(payment)).Must(303);
        await World.JobsAreDone();
    }

    public Task<Answer> Returns(PaymentId payment, string query = "") => World.Visitor().Send(HttpMethod.Get, $"/return/{partner.Name}/{payment}{query}");

    public Task NoMessages() => World.Gateway.Faults(new { dropWebhooks = 100 });

    /// <summary>The payment ends without money: closed where that can be, else declined, else when its page is over.</summary>
    public async Task Ends(Deal deal, PaymentView payment)
    {
        if (Can.Close) (await Cancels(deal, payment.Id)).OrThrow();
        else await partner.Declines(payment);
        await World.JobsAreDone();
        for (var i = 0; i < 8 && await IsLive(deal, payment.Id); i++) await Later(partner.PageLasts, payment.Id);
        (await IsLive(deal, payment.Id)).ShouldBeFalse();
    }

    public async Task Later(TimeSpan time, PaymentId payment)
    {
        await World.Clock.Passes(time);
        await Asks(payment);
    }

    public async Task<bool> IsLive(Deal deal, PaymentId payment) => (await deal.Payment(payment)).State is PaymentState.Created or PaymentState.RequiresAction or PaymentState.Unknown or PaymentState.Authorized;

    public Task<Result<PaymentView>> Cancels(Deal deal, PaymentId payment) => CancelPayment.Run(World.Data(), World.Gateways, deal.Customer, payment, default);

    public Task<Result<PaymentView>> Takes(PaymentId payment, Amount? amount = null) => CapturePayment.Run(World.Data(), World.Gateways, MoneyWorld.Staff, payment, new(amount), default);

    public Task<Result<RefundView>> GivesBack(PaymentId payment, Amount? amount = null, Guid? operation = null, int node = 0) =>
        RequestRefund.Ask(World.Data(node), MoneyWorld.Staff with { OperationId = operation }, payment, new("The customer asked.", amount), default);

    /// <summary>Follows a refund until it has become this, whoever has to decide or be asked over there.</summary>
    public async Task Becomes(Deal deal, PaymentId payment, RefundId refund, RefundState state, bool well = true)
    {
        for (var i = 0; i < 4; i++)
        {
            await World.JobsAreDone();
            await partner.DecidesRefunds(payment, well);
            if ((await ReadRefunds.Find(World.Data(), refund, default))!.State == state && state is not RefundState.Unknown) return;
            await World.Clock.Passes(partner.RefundPause);
        }
        await World.JobsAreDone();
        await deal.Becomes(refund, state);
    }

    public Task<long> SetAside(PaymentId payment, string reason) => World.Database.Count("money.quarantine where payment_id = $1 and reason = $2", payment.Value, reason);

    /// <summary>Every call that is this one is spoilt.</summary>
    public async Task Spoils(Call call, Fault fault)
    {
        if (fault is Fault.NoConnection) { await partner.Line.Closes(); return; }
        if (fault is Fault.Slow) foreach (var calls in World.Everywhere<GatewayCalls>()) calls.Patience = TimeSpan.FromSeconds(1);
        Meets(call, async http =>
        {
            if (fault is Fault.Slow) await Task.Delay(30_000, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            if (fault is Fault.Slow or Fault.Cut) http.Abort();
            else await Writes(http, fault switch { Fault.Broken => 500, Fault.TooMany => 429, Fault.WrongKey => 401, _ => 200 }, fault switch
            {
                Fault.Html => "<!doctype html><html><body><h1>Welcome</h1><p>This page moved.</p></body></html>", Fault.Empty => "", Fault.Half => """{"id":"1","IsSuccess":true,"status":"comp""", _ => """{"error":"x"}""",
            });
        });
    }

    /// <summary>Every call that is this one is answered so in the gateway's place.</summary>
    public void Answers(Call call, string body, int status = 200) => Meets(call, http => Writes(http, status, body));

    /// <summary>What was sent over the line from now on: method, path and body of every call.</summary>
    public IReadOnlyCollection<string> Listens()
    {
        var calls = new System.Collections.Concurrent.ConcurrentQueue<string>();
        partner.Line.Before = async http =>
        {
            calls.Enqueue($"{http.Request.Method} {http.Request.Path} {await Body(http)}");
            return false;
        };
        return calls;
    }

    /// <summary>Every call that is this one is met by the test instead of the gateway.</summary>
    public void Meets(Call call, Func<HttpContext, Task> then) => partner.Line.Before = async http =>
    {
        if (!partner.Is(call, $"{http.Request.Method} {http.Request.Path}", await Body(http))) return false;
        Interlocked.Increment(ref _spoilt);
        await then(http);
        return true;
    };

    /// <summary>The gateway does what it is asked, and its answers to calls that are this one are held until then.</summary>
    public void Holds(Call call, Task until) => partner.Line.After = http => partner.Is(call, $"{http.Request.Method} {http.Request.Path}", "") ? until : Task.CompletedTask;

    /// <summary>The line is as usual again, and calls are made.</summary>
    public async Task Restores()
    {
        (partner.Line.Before, partner.Line.After) = (null, null);
        partner.Line.Opens();
        foreach (var calls in World.Everywhere<GatewayCalls>()) calls.Patience = TimeSpan.FromSeconds(20);
        await World.EventuallyOr("The circuit to the gateway stays open.", () => Task.FromResult(World.Everywhere<GatewayBook>().All(book => book.Of(partner.Name).Status.Available)));
    }

    /// <summary>What Integrations shows of this gateway, on every node.</summary>
    public async Task<(string State, DateTimeOffset? LastFailure, string? LastError)[]> Integrations()
    {
        var shown = new List<(string, DateTimeOffset?, string?)>();
        for (var node = 0; node < World.Addresses.Count; node++)
        {
            var staff = World.As(MoneyWorld.Person("health.view"));
            staff.OnlyNode = node;
            var mine = (await staff.Get("integrations/status")).Must().Json.EnumerateArray().Single(i => string.Equals(i.GetProperty("name").GetString(), partner.Name, StringComparison.Ordinal));
            shown.Add((mine.GetProperty("state").GetString()!, mine.GetProperty("lastFailure") is { ValueKind: System.Text.Json.JsonValueKind.String } at ? at.GetDateTimeOffset() : null, mine.GetProperty("lastError").GetString()));
        }
        return [.. shown];
    }

    private static async Task Writes(HttpContext http, int status, string body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = body.StartsWith('<') ? "text/html" : "application/json";
        await http.Response.WriteAsync(body);
    }

    private static async Task<string> Body(HttpContext http)
    {
        http.Request.EnableBuffering();
        using var reader = new StreamReader(http.Request.Body, leaveOpen: true);
        var text = await reader.ReadToEndAsync();
        http.Request.Body.Position = 0;
        return text;
    }
}
