using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Payments;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.MyFatoorah;

/// <summary>A purchase by MyFatoorah from the invoice to the books and back, over real HTTP.</summary>
public sealed class MyFatoorahStoryTests(MyFatoorahWorld world) : IClassFixture<MyFatoorahWorld>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => world.Begins();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private Task<long> Hints(PaymentId payment) => world.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Value);

    [Fact]
    [Covers("M-21", "O-9")]
    public async Task A_purchase_is_paid_told_by_a_signed_message_and_asked_about()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        (payment.Gateway, payment.State).ShouldBe(("myfatoorah", PaymentState.RequiresAction));
        (await world.Sandbox.Http.GetStringAsync(new Uri(payment.RedirectUrl!))).ShouldContain("25.000 KWD");
        var back = new Uri((await world.PaysAtPage(payment.Id)).GetProperty("back").GetString()!);
        (await world.Visitor().Send(HttpMethod.Get, back.PathAndQuery)).Must(303).Headers["Location"].ShouldBe($"/orders/{deal.Order}");
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
        (await world.Database.Value<string>("select gateway_payment from money.payments where id = $1", payment.Id.Value)).ShouldBe(await world.InvoiceOf(payment.Id));
        await Eventually.True(async () => await Hints(payment.Id) == 1, "The signed message did not come.");
    }

    [Fact]
    [Covers("M-21")]
    public async Task A_refused_card_leaves_the_page_open_for_another()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id, "decline");
        await Eventually.True(async () => (await deal.Payment(payment.Id)).FailureText == "Declined by the bank", "The refusal was not told.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        await world.PaysAtPage(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-21", "M-6")]
    public async Task What_was_cancelled_at_the_bank_stays_open_until_the_page_expires_and_is_paid_by_another_attempt()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id, "cancel");
        await Eventually.True(async () => await Hints(payment.Id) == 1, "The signed message did not come.");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await CancelPayment.Run(world.Data(), world.Gateways, deal.Customer, payment.Id, default)).Refusal!.Code.ShouldBe("payment_not_closable");
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(20.Minutes());
            return (await deal.Payment(payment.Id)).State is PaymentState.Expired;
        }, "It did not expire.");
    }

    [Fact]
    [Covers("M-6", "M-21")]
    public async Task A_message_that_never_comes_is_made_up_for_by_asking()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-5", "M-21")]
    public async Task Messages_that_come_twice_and_in_any_order_are_booked_once_and_paid_stays_paid()
    {
        await world.Gateway.Faults(new { duplicateWebhooks = 100, reorderWebhooks = true });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id, "decline");
        await world.PaysAtPage(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        await Eventually.True(async () => await Hints(payment.Id) == 2, "Both messages are kept once.");
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }

    [Fact]
    [Covers("M-5", "money-21", "money-80")]
    public async Task A_forged_message_is_refused_and_a_signed_one_with_another_amount_is_not_believed()
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        var invoice = await world.InvoiceOf(payment.Id);
        var body = JsonSerializer.Serialize(new
        {
            Event = new { Code = 1, Reference = "WH-1" },
            Data = new
            {
                Invoice = new { Id = invoice, Status = "PAID", ExternalIdentifier = payment.Id.ToString() }, Transaction = new { Status = "SUCCESS", PaymentId = "1" },
                Amount = new { BaseCurrency = "KWD", ValueInBaseCurrency = "25.000" },
            },
        });
        var signed = $"Invoice.Id={invoice},Invoice.Status=PAID,Transaction.Status=SUCCESS,Transaction.PaymentId=1,Invoice.ExternalIdentifier={payment.Id}";
        foreach (var bad in new[] { "", "x", MyFatoorahWorld.Sign(signed, "another secret"), MyFatoorahWorld.Sign(body) }) (await world.Tells(body, bad)).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await Hints(payment.Id)).ShouldBe(0);
        (await world.Tells(body, MyFatoorahWorld.Sign(signed))).Must();
        (await world.Visitor().Send(HttpMethod.Get, $"/return/myfatoorah/{payment.Id}?paymentId=1&status=SUCCESS")).Must(303);
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
    }

    [Fact]
    [Covers("M-6", "money-15")]
    public async Task A_page_whose_opening_was_not_answered_is_found_and_there_is_one_invoice()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.RequiresAction);
        (await world.Invoices(payment.Id)).ShouldHaveSingleItem();
        await world.PaysAtPage(payment.Id);
        await deal.Becomes(payment.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("money-15")]
    public async Task A_page_that_could_not_be_opened_in_time_fails_and_the_order_can_be_paid_again()
    {
        world.Wire.Cuts("POST /v3/payments");
        var deal = await world.Order();
        var payment = await deal.Starts();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(11.Minutes());
        await world.JobsAreDone();
        await Eventually.True(async () =>
        {
            await world.Clock.Passes(15.Minutes());
            return (await deal.Payment(payment.Id)).State is PaymentState.Failed;
        }, "It did not fail.");
        (await deal.Payment(payment.Id)).FailureCode.ShouldBe("not_opened");
        (await world.Invoices(payment.Id)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(401, "")]
    [InlineData(403, "{}")]
    [InlineData(429, "{\"IsSuccess\":false}")]
    [InlineData(500, "{\"IsSuccess\":false}")]
    [InlineData(200, "not json")]
    [InlineData(200, "{\"Data\":{}}")]
    [InlineData(201, "{\"IsSuccess\":true,\"Data\":{\"InvoiceId\":\"../x\",\"PaymentURL\":\"https://a.test\"}}")]
    [InlineData(201, "{\"IsSuccess\":true,\"Data\":{\"InvoiceId\":1,\"PaymentURL\":\"javascript:alert(1)\"}}")]
    [Covers("M-6")]
    public async Task An_answer_that_says_nothing_about_the_request_fails_nothing(int status, string text)
    {
        world.Wire.Before = async http =>
        {
            if (!HttpMethods.IsPost(http.Request.Method)) return false;
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(text);
            return true;
        };
        var deal = await world.Order();
        (await deal.Starts()).State.ShouldBe(PaymentState.Unknown);
    }

    [Theory, InlineData(400), InlineData(200)]
    [Covers("M-6")]
    public async Task An_answer_that_blames_the_request_fails_it_also_when_it_comes_as_200(int status)
    {
        world.ApiSays("POST /v3/payments", status, new { IsSuccess = false, Message = "Invalid data", ValidationErrors = new[] { new { Name = "Order.Amount", Error = "Too much" } } });
        var deal = await world.Order();
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("gateway_refused");
        (await world.Database.Value<string>("select failure_code from money.payments where order_id = $1", deal.Order.Value)).ShouldBe("Order.Amount");
    }

    [Theory, InlineData("24.999", "KWD", "wrong_amount"), InlineData("25.001", "KWD", "wrong_amount"), InlineData("25.000", "BHD", "wrong_currency"), InlineData("25.00", "USD", "wrong_currency")]
    [Covers("money-19")]
    public async Task Another_amount_or_currency_than_was_asked_is_set_aside(string amount, string currency, string reason)
    {
        var deal = await world.Order();
        var payment = await deal.Starts();
        world.ApiSays("GET /v3/payments", 200, new
        {
            IsSuccess = true,
            Data = new { Invoice = new { Id = await world.InvoiceOf(payment.Id), Status = "PAID" }, Transaction = new { Status = "SUCCESS" }, Amount = new { BaseCurrency = currency, ValueInBaseCurrency = amount } },
        });
        await world.Clock.Passes(1.Minutes());
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payment_id = $1 and reason = $2", payment.Id.Value, reason) == 1, "It was not set aside.");
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
    }

    [Fact]
    [Covers("M-21")]
    public async Task An_invoice_whose_first_payment_was_not_told_is_asked_about_the_older_way()
    {
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var deal = await world.Order();
        var payment = await deal.Starts();
        await world.PaysAtPage(payment.Id, "decline");
        await world.PaysAtPage(payment.Id);
        await world.Database.Execute("update money.payments set gateway_ref = split_part(gateway_ref, '/', 1) || '//' || split_part(gateway_ref, '/', 3) where id = $1", payment.Id.Value);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await deal.Journals()).ShouldBe("capture");
    }
}
