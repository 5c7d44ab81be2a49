using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Money;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Tests.Money.Withdrawals;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>Payouts to phones: asked for once under our id, told by message, and the state of it asked for while nothing is told.</summary>
public sealed class MpesaPayoutTests(MpesaWorld world) : IClassFixture<MpesaWorld>, IAsyncLifetime
{
    private const string Send = "/mpesa/b2c/";
    private static readonly Amount All = new(85_000, MpesaWorld.Kes);

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.JobsAreDone();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    private async Task<Caller> Provider(string? phone = null)
    {
        var provider = await world.ProviderAt(DestinationKind.Mpesa, phone ?? world.Phone());
        await world.Sells(provider, new Amount(100_000, MpesaWorld.Kes));
        return provider;
    }

    private async Task<JsonElement[]> AtMpesa(WithdrawalView withdrawal) =>
        [.. (await world.Sandbox.Get("/sandbox/mpesa/payouts")).EnumerateArray().Where(p => p.GetProperty("originator").GetString() == withdrawal.Payout!.Value.ToString())];

    private async Task PaidOnce(WithdrawalView withdrawal) => (await AtMpesa(withdrawal)).ShouldHaveSingleItem().GetProperty("receipt").GetString().ShouldNotBeNull();

    private static string Result(WithdrawalView of, string code = "0", string amount = "850", string? about = null) => JsonSerializer.Serialize(new
    {
        Result = new
        {
            ResultType = 0, ResultCode = code, ResultDesc = "Told by a test.", OriginatorConversationID = about ?? of.Payout!.Value.ToString(), ConversationID = "AG_1", TransactionID = Guid.NewGuid().ToString("n")[..10].ToUpperInvariant(),
            ResultParameters = new { ResultParameter = new object[] { new { Key = "TransactionAmount", Value = amount } } },
        },
    });

    // The address of the result, as M-Pesa was told it.
    private async Task<string> Address(WithdrawalView of)
    {
        await world.JobsAreDone();
        return (await AtMpesa(of))[0].GetProperty("resultUrl").GetString()!;
    }

    [Fact]
    [Covers("M-14")]
    public async Task It_is_sent_to_the_phone_and_completed_by_the_result()
    {
        await using var mock = await StrictMock.Of("mpesa", "stripe"); // the line is Stripe's as well
        world.Wire.Before = mock.Sees;
        var phone = world.Phone();
        var provider = await Provider($"0{phone[3..6]} {phone[6..]}");
        var withdrawal = await world.TakesOut(provider, All);
        var done = await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        (await mock.Refused()).ShouldBeEmpty();
        (await mock.NeededBy("POST /mpesa/b2c/")).ShouldContain("PartyB");
        (done.Rail, done.Destination).ShouldBe(("mpesa", $"M-Pesa •••• {phone[^4..]}"));
        var payout = (await AtMpesa(withdrawal)).ShouldHaveSingleItem();
        (payout.GetProperty("phone").GetString(), payout.GetProperty("amount").GetInt64(), payout.GetProperty("receipt").GetString()).ShouldBe((phone, 850, done.PayoutReference));
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Theory, InlineData(0), InlineData(100)]
    [Covers("M-14", "money-72")]
    public async Task One_whose_answer_was_lost_is_asked_about_and_never_sent_again(int dropped)
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = dropped });
        var withdrawal = await world.TakesOut(provider, All);
        if (dropped > 0)
        {
            await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
            await world.Gateway.AnswersAsUsual();
            await world.Clock.Passes(10.Minutes());
        }
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        await PaidOnce(withdrawal);
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task One_that_never_reached_them_is_given_back_after_a_day_and_was_not_sent_again()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { payoutsLostBefore = 1 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        await world.Clock.Passes(2.Hours());
        await world.JobsAreDone();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Unknown);
        await world.Clock.Passes(26.Hours());
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("within a day");
        (await AtMpesa(withdrawal)).ShouldBeEmpty();
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task A_node_that_dies_after_the_money_left_the_reserve_sends_nothing_a_second_time()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        // As a node leaves it that dies while it waits for the answer.
        await world.Database.Execute("update money.payouts set state = 'sending' where id = $1", withdrawal.Payout!.Value.Value);
        await world.Database.Execute("update money.withdrawals set state = 'processing' where id = $1", withdrawal.Id.Value);
        await world.Gateway.AnswersAsUsual();
        await world.Clock.Passes(10.Minutes());
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        await PaidOnce(withdrawal);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task One_that_they_say_they_had_before_is_not_taken_for_refused()
    {
        var provider = await Provider();
        world.Wire.Answers(Send, 500, new { requestId = "1", errorCode = "500.002.1001", errorMessage = "Duplicate OriginatorConversationID." });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        (await world.Books.Has(provider)).ShouldBe(0);
    }

    [Fact]
    [Covers("M-14", "money-72")]
    public async Task A_result_told_twice_and_late_counts_once()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { duplicateWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        await world.Sandbox.Post($"/sandbox/mpesa/payouts/{withdrawal.Payout}/tell");
        await world.Later(1);
        (await world.Database.Count("money.journals where reference = $1", $"payout_completed:{withdrawal.Payout}")).ShouldBe(1);
        (await world.Database.Count("money.webhooks where event_id like $1", $"payout:{withdrawal.Payout}:%")).ShouldBe(1);
    }

    [Fact]
    [Covers("M-14", "money-73")]
    public async Task A_number_without_mpesa_gives_the_money_back_and_has_to_be_confirmed()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts();
        var withdrawal = await world.TakesOut(provider, All);
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("2040");
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeTrue();
    }

    [Fact]
    [Covers("M-14")]
    public async Task A_platform_without_money_there_gives_it_back_and_blames_nobody()
    {
        var provider = await Provider();
        await world.Gateway.FailsPayouts("no_money");
        var withdrawal = await world.TakesOut(provider, All);
        (await world.Becomes(withdrawal.Id, WithdrawalState.Failed)).Says.ShouldContain("insufficient");
        (await world.Books.Has(provider)).ShouldBe(85_000);
        (await SetDestination.Find(world.Data(), provider.AccountId!.Value, default))!.ToConfirm.ShouldBeFalse();
    }

    [Fact]
    [Covers("M-14", "money-20", "money-80")]
    public async Task A_forged_result_changes_nothing()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Processing);
        var address = await Address(withdrawal);
        (await world.Tells(address[..^64] + new string('0', 64), Result(withdrawal))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Tells(address.Replace("what=payout&", "what=payout_status&", StringComparison.Ordinal), Result(withdrawal))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Tells(address.Replace("minor=85000", "minor=85100", StringComparison.Ordinal), Result(withdrawal))).MustRefuse(MoneyRefusals.WebhookNotTrusted);
        (await world.Tells(address, Result(withdrawal, about: "another"))).Must(); // it came to our address and speaks of something else
        await world.Later(1);
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
    }

    [Fact]
    [Covers("M-14", "money-19")]
    public async Task Another_amount_is_set_aside_and_completes_nothing()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Processing);
        (await world.Tells(await Address(withdrawal), Result(withdrawal, amount: "849"))).Must();
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payout_id = $1 and reason = 'wrong_amount'", withdrawal.Payout!.Value.Value) == 1, "It was not set aside.");
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Processing);
    }

    [Fact]
    [Covers("M-14")]
    public async Task One_that_was_paid_after_it_counted_as_failed_is_for_a_person()
    {
        var provider = await Provider();
        await world.Gateway.Faults(new { dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Processing);
        var address = await Address(withdrawal);
        (await world.Tells(address, Result(withdrawal, code: "1"))).Must();
        await world.Becomes(withdrawal.Id, WithdrawalState.Failed);
        (await world.Tells(address, Result(withdrawal))).Must();
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payout_id = $1 and reason = 'paid_after_failed'", withdrawal.Payout!.Value.Value) == 1, "It was not set aside.");
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-14")]
    public async Task Cents_are_refused_before_anything_is_asked_and_the_answer_says_what_to_ask_for()
    {
        var provider = await Provider();
        var refusal = (await world.AsksFor(provider, new Amount(84_950, MpesaWorld.Kes))).Refusal!;
        refusal.Code.ShouldBe("amount_not_representable");
        refusal.Details!["largest"].ShouldBe(new Amount(84_900, MpesaWorld.Kes));
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-14")]
    public async Task Another_currency_than_shillings_is_refused_before_anything_is_asked()
    {
        var provider = await world.ProviderAt(DestinationKind.Mpesa, world.Phone());
        await world.Sells(provider, new Amount(10_000, MoneyWorld.Usd));
        (await world.AsksFor(provider, new Amount(8_500, MoneyWorld.Usd))).Refusal!.Code.ShouldBe("destination_other_currency");
    }

    [Fact]
    [Covers("M-14")]
    public async Task The_api_takes_the_kind_and_says_what_is_offered()
    {
        var provider = world.As(MoneyWorld.Person());
        (await provider.Put("providers/me/payout-destination", new { kind = "paypal", account = "omar@example.test" })).MustRefuse(MoneyRefusals.DestinationNotOffered).At("offered").ToString().ShouldBe("""["bank","mpesa"]""");
        (await provider.Put("providers/me/payout-destination", new { kind = "mpesa", account = "0812345678" })).MustRefuse(MoneyRefusals.MpesaNumberInvalid);
        (await provider.Put("providers/me/payout-destination", new { kind = "mpesa", account = "0712345678" })).Must().Word("hint").ShouldBe("M-Pesa •••• 5678");
        (await provider.Get("providers/me/payout-destination")).Must().Word("kind").ShouldBe("mpesa");
        (await provider.Put("providers/me/payout-destination", new { account = "0712345678" })).MustRefuse(MoneyRefusals.DestinationInvalid);
    }
}
