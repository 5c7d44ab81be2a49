using Guildhall.Money;
using Guildhall.Money.Payments;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>Paying by M-Pesa from the order to the books, the product and the sandbox over HTTP.</summary>
public sealed class MpesaPaymentTests(MpesaWorld world) : IClassFixture<MpesaWorld>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await world.Opens();
    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<(Deal Deal, PaymentView Payment, string Phone)> Started(long minor = 15_000)
    {
        var (deal, phone) = (await world.Deal(minor), world.Phone());
        return (deal, await deal.Starts(phone: phone), phone);
    }

    [Fact]
    [Covers("M-21", "M-5", "M-6")]
    public async Task A_customer_enters_the_pin_and_the_order_is_paid()
    {
        var (deal, payment, phone) = await Started();
        (payment.Gateway, payment.State, payment.RedirectUrl).ShouldBe(("mpesa", PaymentState.RequiresAction, null));
        var asked = (await world.Asked(phone)).ShouldHaveSingleItem();
        (asked.GetProperty("amount").GetInt64(), asked.GetProperty("account").GetString()!.Length).ShouldBe((150, 12));
        await world.Answers(phone);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Receipt(payment.Id)).ShouldBe((await world.Asked(phone))[0].GetProperty("receipt").GetString());
        (await deal.Journals()).ShouldBe("capture");
    }

    [Theory, InlineData("no_money", PaymentState.Failed), InlineData("wrong_pin", PaymentState.Failed), InlineData("cancel", PaymentState.Cancelled), InlineData("lapse", PaymentState.Expired)]
    [Covers("M-2", "M-21")]
    public async Task What_was_not_paid_is_told_as_it_was_and_paid_by_a_new_attempt(string outcome, PaymentState state)
    {
        var (deal, payment, phone) = await Started();
        await world.Answers(phone, outcome);
        (await deal.Becomes(payment.Id, state)).FailureText.ShouldNotBeNullOrEmpty();
        (await deal.Journals()).ShouldBe("");
        var again = await deal.Starts(phone: phone);
        again.Attempt.ShouldBe(2);
        await world.Answers(phone);
        await deal.Becomes(again.Id, PaymentState.Captured);
    }

    [Fact]
    [Covers("M-6")]
    public async Task A_prompt_that_nobody_answers_lapses()
    {
        var (deal, payment, _) = await Started();
        await world.Clock.Passes(2.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Expired);
    }

    [Fact]
    [Covers("M-6")]
    public async Task A_callback_that_never_comes_is_not_missed_and_what_comes_late_names_the_money()
    {
        var (deal, payment, phone) = await Started();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var checkout = await world.Answers(phone);
        await world.Clock.Passes(1.Minutes());
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Receipt(payment.Id)).ShouldBe("");

        var (address, receipt) = await Told(phone);
        (await world.Tells(address, MpesaWorld.Callback(checkout, receipt: receipt))).Must();
        await world.EventuallyOr("The receipt was not taken.", async () => await world.Receipt(payment.Id) == receipt);
        (await deal.Journals()).ShouldBe("capture");
    }

    private async Task<(string Address, string Receipt)> Told(string phone)
    {
        var prompt = (await world.Asked(phone))[0];
        return (prompt.GetProperty("callback").GetString()!, prompt.GetProperty("receipt").GetString() ?? "");
    }

    [Fact]
    [Covers("money-83")]
    public async Task A_callback_that_comes_twice_and_in_any_order_pays_once()
    {
        await world.Gateway.Faults(new { duplicateWebhooks = 100, reorderWebhooks = true });
        var (deal, payment, phone) = await Started();
        var checkout = await world.Answers(phone);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        var (address, receipt) = await Told(phone);
        (await world.Tells(address, MpesaWorld.Callback(checkout, receipt: receipt))).Must();
        await world.JobsAreDone();
        (await deal.Journals()).ShouldBe("capture");
        world.Paid.Count(o => o == deal.Order).ShouldBe(1);
    }

    [Fact]
    [Covers("money-20", "money-80")]
    public async Task A_forged_callback_changes_nothing()
    {
        var (deal, payment, phone) = await Started();
        var (address, _) = await Told(phone);
        var checkout = (await world.Asked(phone))[0].GetProperty("checkout").GetString()!;
        foreach (var forged in new[] { address[..^1] + (address[^1] == '0' ? '1' : '0'), address.Split("&key")[0], "http://localhost/api/v1/webhooks/mpesa", address.Replace("minor=15000", "minor=100", StringComparison.Ordinal) })
            (await world.Tells(forged, MpesaWorld.Callback(checkout))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        // Even with the secret of the address, M-Pesa is asked and says that the customer still decides.
        (await world.Tells(address, MpesaWorld.Callback(checkout))).Must();
        await world.JobsAreDone();
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldBe("");
        (await world.Database.Count("money.webhooks where payment_id = $1 and proof = 'hint'", payment.Id.Value)).ShouldBe(1);
    }

    [Fact]
    [Covers("M-4", "money-19")]
    public async Task Another_amount_than_was_asked_for_is_set_aside()
    {
        var (deal, payment, phone) = await Started();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var checkout = await world.Answers(phone);
        var (address, receipt) = await Told(phone);
        (await world.Tells(address, MpesaWorld.Callback(checkout, "149", receipt))).Must();
        await world.EventuallyOr("Nothing was set aside.", async () => await world.Database.Count("money.quarantine where payment_id = $1 and reason = 'wrong_amount'", payment.Id.Value) == 1);
        (await deal.Payment(payment.Id)).State.ShouldBe(PaymentState.RequiresAction);
        (await deal.Journals()).ShouldNotContain("capture");
    }

    [Fact]
    [Covers("M-6", "money-13")]
    public async Task A_prompt_whose_answer_was_lost_is_not_sent_again_and_the_callback_names_it()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var (deal, payment, phone) = await Started();
        payment.State.ShouldBe(PaymentState.Unknown);
        await world.Clock.Passes(1.Minutes()); // it is asked about, and lapses
        await world.Visitor().Send(HttpMethod.Get, $"/return/mpesa/{payment.Id}");
        await deal.Becomes(payment.Id, PaymentState.Expired);
        (await world.Asked(phone)).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("M-6", "money-13")]
    public async Task A_prompt_whose_answer_was_lost_is_paid_all_the_same()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 } });
        var (deal, payment, phone) = await Started();
        await world.Answers(phone);
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Asked(phone)).Count.ShouldBe(1);
        (await world.Receipt(payment.Id)).ShouldNotBe("");
    }

    [Fact]
    [Covers("M-2", "M-6")]
    public async Task A_prompt_of_which_nothing_is_heard_has_failed_and_late_money_is_still_taken()
    {
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var (deal, payment, phone) = await Started();
        var checkout = await world.Answers(phone);
        await world.Clock.Passes(4.Minutes());
        (await deal.Becomes(payment.Id, PaymentState.Failed)).FailureCode.ShouldBe("not_opened");
        var (address, receipt) = await Told(phone);
        (await world.Tells(address, MpesaWorld.Callback(checkout, receipt: receipt))).Must();
        await deal.Becomes(payment.Id, PaymentState.Captured);
        (await world.Asked(phone)).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("M-6")]
    public async Task Many_who_want_to_open_at_once_ask_the_customer_once()
    {
        var (deal, phone) = (await world.Deal(), world.Phone());
        var operation = Guid.CreateVersion7();
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", deal.Order.Value))
        {
            var tries = Enumerable.Range(0, 4).Select(i => deal.TriesToStart(i % 2, operation, phone)).ToArray();
            await gate.OpenWhenWaiting(4);
            foreach (var started in await Task.WhenAll(tries)) started.OrThrow().Id.Value.ShouldBe(operation);
        }
        (await world.Asked(phone)).Count.ShouldBe(1);
        await world.Answers(phone);
        await deal.Becomes(new PaymentId(operation), PaymentState.Captured);
    }

    [Fact]
    [Covers("M-21")]
    public async Task What_cannot_be_asked_is_refused_before_or_by_the_gateway()
    {
        var deal = await world.Deal();
        (await deal.TriesToStart()).Refusal!.Code.ShouldBe("phone_needed");
        (await deal.TriesToStart(phone: "+96512345678")).Refusal!.Code.ShouldBe("gateway_refused");
        (await (await world.Deal(15_050)).TriesToStart(phone: world.Phone())).Refusal!.Code.ShouldBe("amount_not_representable");
    }

    [Fact]
    [Covers("M-6")]
    public async Task A_phone_that_is_being_asked_already_is_not_asked_again()
    {
        var (_, _, phone) = await Started();
        (await (await world.Deal()).TriesToStart(phone: phone)).Refusal!.Code.ShouldBe("gateway_refused");
        (await world.Asked(phone)).Count.ShouldBe(1);
    }

    [Fact]
    [Covers("O-1")]
    public async Task A_gateway_that_is_not_reached_has_asked_nobody()
    {
        world.Wire.Cuts("/oauth/");
        await world.Clock.Passes(1.Hours()); // tokens have run out
        var phone = world.Phone();
        (await (await world.Deal()).TriesToStart(phone: phone)).Refusal!.Code.ShouldBe("gateway_refused");
        (await world.Asked(phone)).ShouldBeEmpty();
        world.Gateways.Of("mpesa").Status.LastError.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_token_that_is_not_taken_any_more_is_renewed_once()
    {
        await Started();
        var asked = 0;
        world.Wire.Before = async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/mpesa/stkpush", StringComparison.Ordinal) || Interlocked.Increment(ref asked) > 1) return false;
            http.Response.StatusCode = 404;
            await Microsoft.AspNetCore.Http.HttpResponseJsonExtensions.WriteAsJsonAsync(http.Response, new { requestId = "1", errorCode = "404.001.03", errorMessage = "Invalid Access Token" });
            return true;
        };
        (await Started()).Payment.State.ShouldBe(PaymentState.RequiresAction);
        asked.ShouldBe(2);
    }
}
