using System.Net.Http.Headers;
using System.Text;
using Guildhall.Foundation.Http;
using Guildhall.Money;
using Guildhall.Money.Gateways;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Builder;

namespace Guildhall.Tests.Money.Gateways;

/// <summary>The contract fits gateways of every shape, several side by side: redirect only with an encrypted hint, asked on the phone, encrypted and in parts.</summary>
public sealed class GatewayShapesTests(GatewayShapesTests.Setup world) : IClassFixture<GatewayShapesTests.Setup>, IAsyncLifetime
{
    public sealed class Setup : MoneyWorld
    {
        internal SampleServer Server { get; } = new();

        protected override void Adjust(WebApplicationBuilder builder, int node)
        {
            base.Adjust(builder, node);
            builder.Services.AddSingleton<IGateway>(new RedirectOnlyGateway(Server));
            builder.Services.AddSingleton<IGateway>(new PhoneGateway(Server, "phone", "127.0.0.0/8"));
            builder.Services.AddSingleton<IGateway>(new PhoneGateway(Server, "far_away", "10.0.0.0/8"));
            builder.Services.AddSingleton<IGateway>(new PartsGateway(Server));
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Server.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', '"KWD=redirect_only KES=phone EUR=in_parts *=stripe"', 1, now()) on conflict do nothing
            """);
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private static readonly Currency Kes = Currency.Of("KES"), Eur = Currency.Of("EUR");

    private Task<Answer> Tells(string gateway, byte[] body, string query = "", string type = "application/x-www-form-urlencoded") => world.Visitor().Send(HttpMethod.Post,
        $"webhooks/{gateway}{query}", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } });

    private static byte[] Trandata(PaymentId payment, string result = "CAPTURED") => Encoding.ASCII.GetBytes("trandata=" + RedirectOnlyGateway.Encrypt($"result={result}&trackid={payment}"));

    private Task<long> Stored(PaymentId payment, string proof) => world.Database.Count("money.webhooks where payment_id = $1 and proof = $2", payment.Value, proof);

    [Fact]
    [Covers("M-21", "M-5", "M-6")]
    public async Task A_redirect_without_any_call_is_paid_hinted_at_and_believed_only_when_asked()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.Gateway.ShouldBe("redirect_only");
        payment.RedirectUrl!.ShouldStartWith(new Uri(world.Server.Address, "/page?trandata=").AbsoluteUri);

        (await Tells("redirect_only", Trandata(payment.Id))).Must().Text.ShouldBe($"REDIRECT=https://shop.test/return/redirect_only/{payment.Id}");
        await Eventually.True(() => Task.FromResult(world.Server.Calls.Contains("status " + payment.Id)), "The gateway was not asked.");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction); // it said captured; the gateway does not
        (await Stored(payment.Id, "hint")).ShouldBe(1);

        world.Server.Becomes(payment.Id, "captured", 25_000);
        (await Tells("redirect_only", Trandata(payment.Id, "NOT CAPTURED"))).Must();
        await deal.Becomes(payment.Id, PaymentState.Captured); // it said not captured; the gateway says otherwise
        (await deal.Refunds(10_000)).Refusal!.Code.ShouldBe("refund_part_not_possible");
        (await deal.Refunded()).ToString().ShouldStartWith("ref_");
    }

    [Theory, InlineData(true), InlineData(false)]
    [Covers("money-21", "M-6")]
    public async Task A_browser_that_comes_back_is_sent_on_and_nothing_it_says_is_read(bool named)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        var came = named
            ? await world.Visitor().Send(HttpMethod.Get, $"/return/redirect_only/{payment.Id}?status=success&result=CAPTURED&amt=25.000")
            : await world.Visitor().Send(HttpMethod.Post, "/return/redirect_only", new ByteArrayContent(Trandata(payment.Id)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } });
        came.Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await Eventually.True(() => Task.FromResult(world.Server.Calls.Contains("status " + payment.Id)), "The gateway was not asked.");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await Stored(payment.Id, "return")).ShouldBe(1);
        (await deal.Journals()).ShouldBe("");
    }

    [Fact]
    [Covers("M-21")]
    public async Task A_customer_asked_on_the_phone_has_no_page_and_the_answer_comes_later()
    {
        var deal = await world.Order(new Amount(150_000, Kes));
        var payment = await deal.Starts(phone: "+254 712-345678");
        world.Server.Calls.ShouldContain("asked 254712345678");
        (payment.State, payment.RedirectUrl, payment.Gateway).ShouldBe((PaymentState.RequiresAction, null, "phone"));
        payment.Says.ShouldContain("phone");
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).Refusal!.Code.ShouldBe("payment_not_closable");

        world.Server.Becomes(payment.Id, "captured");
        (await Tells("phone", "{}"u8.ToArray(), $"?payment={payment.Id}", "application/json")).Must().At("ResultCode").GetInt32().ShouldBe(0);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await Guildhall.Money.Refunds.RequestRefund.Ask(world.Data(), MoneyWorld.Staff, payment.Id, new("No way back."), default)).Refusal!.Code.ShouldBe("refund_not_possible");
    }

    [Fact]
    [Covers("M-5")]
    public async Task What_comes_from_elsewhere_than_the_gateway_sends_from_is_not_heard()
    {
        var deal = await world.Order(new Amount(150_000, Kes));
        var payment = await deal.Starts(phone: "+254 712-345678");
        (await Tells("far_away", "{}"u8.ToArray(), $"?payment={payment.Id}", "application/json")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Stored(payment.Id, "hint")).ShouldBe(0);
    }

    [Fact]
    [Covers("M-2")]
    public async Task Late_money_of_a_payment_that_had_failed_is_found_by_a_hint()
    {
        var deal = await world.Order(new Amount(150_000, Kes));
        var payment = await deal.Starts(phone: "+254 712-345678");
        world.Server.Becomes(payment.Id, "failed");
        await Tells("phone", "{}"u8.ToArray(), $"?payment={payment.Id}", "application/json");
        await deal.Becomes(payment.Id, PaymentState.Failed);
        world.Server.Becomes(payment.Id, "captured");
        await Tells("phone", "{\"again\":true}"u8.ToArray(), $"?payment={payment.Id}", "application/json");
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-2", "money-24")]
    public async Task Held_money_is_taken_in_parts_and_never_more_than_was_held()
    {
        var deal = await world.OrderOf([new OrderLine("Works", new Amount(2_500, Eur))], captureLater: true);
        var payment = (await deal.Starts()).Id;
        world.Server.Becomes(payment, "authorized");
        (await Tells("in_parts", PartsGateway.Seal(payment, world.Server.Payments[payment.ToString()]), type: "application/octet-stream")).Must();
        await deal.Becomes(payment, PaymentState.Authorized);

        Task<Result<PaymentView>> Takes(long minor, bool final = false, int node = 0) =>
            CapturePayment.Run(world.Data(node), world.Get<GatewayBook>(node), MoneyWorld.Staff, payment, new(new Amount(minor, Eur), final), default);
        (await Takes(1_000)).OrThrow();
        await deal.Becomes(payment, PaymentState.Captured);
        (await deal.Now()).TotalMinor.ShouldBe(1_000);
        await world.Books.MustHold();
        await world.JobsAreDone();
        (await world.Database.Count("money.invoices where order_id = $1", deal.Order.Value)).ShouldBe(0); // more may be taken

        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value))
        {
            var race = new[] { Takes(900, node: 0), Takes(900, node: 1) };
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(race)).Count(a => a.Granted).ShouldBeGreaterThanOrEqualTo(1);
        }
        await world.JobsAreDone();
        (await Takes(1_501)).Refusal!.Code.ShouldBe("capture_too_large");
        (await Takes(600, final: true)).OrThrow();
        await world.JobsAreDone();
        (await Takes(1)).Refusal!.Code.ShouldBe("payment_not_authorized");
        var taken = (await deal.Now()).TotalMinor;
        world.Server.Payments[payment.ToString()].Taken.ShouldBe(taken);
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
        await world.Clock.Passes(15.Minutes());
        await world.EventuallyOr("No papers came of all that was taken.", async () => await world.Database.Count("money.invoices where order_id = $1 and total_minor = $2", deal.Order.Value, taken) == 2);
    }

    [Fact]
    [Covers("M-5", "money-80")]
    public async Task An_encrypted_message_that_was_altered_proves_nothing()
    {
        var deal = await world.Order(new Amount(2_500, Eur));
        var payment = (await deal.Starts()).Id;
        var body = PartsGateway.Seal(payment, new SamplePayment("captured", 2_500, 2_500, "EUR"));
        body[^1] ^= 1;
        (await Tells("in_parts", body, type: "application/octet-stream")).MustRefuse(MoneyRefusals.WebhookNotTrusted);
    }

    [Fact]
    [Covers("money-20")]
    public async Task A_gateway_tells_of_its_own_payments_only()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (await world.Learns(StripeEvent.Intent(payment.Id, "succeeded", 25_000))).ShouldBe("unmatched");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_a_gateway_cannot_do_is_refused_before_it_is_called()
    {
        var later = await world.OrderOf([new OrderLine("A session", new Amount(25_000, MoneyWorld.Kwd))], captureLater: true);
        (await later.TriesToStart()).Refusal!.Code.ShouldBe("capture_later_not_possible");
        (await (await world.Order(new Amount(150_000, Kes))).TriesToStart()).Refusal!.Code.ShouldBe("phone_needed");
        (await (await world.Order(new Amount(150_050, Kes))).TriesToStart(phone: "254712345678")).Refusal!.Code.ShouldBe("amount_not_representable");
        world.Server.Payments.Keys.ShouldNotContain(later.Order.ToString());
    }

    [Fact]
    [Covers("M-21", "asvs-3.4.3")]
    public async Task A_form_may_lead_to_the_pages_of_every_gateway_and_nowhere_else()
    {
        var policy = (await world.Visitor().Send(HttpMethod.Get, "/")).Headers["Content-Security-Policy"];
        policy.Split(';', StringSplitOptions.TrimEntries).Single(p => p.StartsWith("form-action ", StringComparison.Ordinal)).Split(' ')[1..]
            .ShouldBe(["'self'", world.Sandbox.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), world.Server.Address.GetLeftPart(UriPartial.Authority)], ignoreOrder: true);
    }

    [Fact]
    [Covers("M-21", "O-1")]
    public async Task Every_gateway_that_is_set_up_has_its_own_state_for_staff()
    {
        var (success, failure) = (new DateTimeOffset(2026, 10, 1, 8, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 10, 1, 9, 0, 0, TimeSpan.Zero));
        foreach (var book in world.Everywhere<GatewayBook>())
        {
            Sample("redirect_only").Live = true;
            Sample("redirect_only").Status = new PartyStatus(true, success, null, null);
            Sample("phone").Status = new PartyStatus(true, failure, success, null);
            Sample("far_away").Status = new PartyStatus(true, success, failure, "timeout");
            Sample("in_parts").Status = new PartyStatus(false, success, failure, "timeout");

            SampleGateway Sample(string name) => (SampleGateway)book.Of(name);
        }
        var staff = await Read(world.As(MoneyWorld.Person("health.view")));
        staff.Select(s => (s.Name, s.State)).ShouldBe([("redirect_only", "live"), ("phone", "sandbox"), ("far_away", "degraded"), ("in_parts", "down"), ("firebase", "not_configured"), ("turn", "not_configured")]);
        staff.Select(s => s.Error).ShouldBe([null, null, "timeout", "timeout", null, null]);
        (await Read(world.Visitor())).ShouldAllBe(s => s.Error == null);
        foreach (var gateway in world.Everywhere<GatewayBook>().SelectMany(b => b.All).OfType<SampleGateway>()) (gateway.Live, gateway.Status) = (false, new PartyStatus(true, null, null, null));

        async Task<(string Name, string State, string? Error)[]> Read(Visitor visitor) =>
        [
            .. (await visitor.Get("integrations/status")).Must().Json.EnumerateArray()
                .Select(i => (i.GetProperty("name").GetString()!, i.GetProperty("state").GetString()!, i.GetProperty("lastError").GetString()))
                .Where(i => i.Item1 is not ("stripe" or "smtp" or "sendgrid" or "ses" or "twilio" or "pdf" or "files" or "clamav" or "google_routes" or "osrm" or "openweather" or "elevenlabs" or "pictures")),
        ];
    }
}
