using System.Text.Json;
using Guildhall.Money;
using Guildhall.Money.Approvals;
using Guildhall.Money.Payouts;
using Guildhall.Money.Withdrawals;
using Guildhall.Tests.Money.Payouts;
using Guildhall.Tests.Money.Withdrawals;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Tests.Money.Gateways.Mpesa;

/// <summary>How a payout ends for good: by people when M-Pesa never answers for it, and without another question when it was paid.</summary>
public sealed class MpesaPayoutOutcomeTests(MpesaWorld world) : IClassFixture<MpesaWorld>, IAsyncLifetime
{
    private static readonly Amount All = new(85_000, MpesaWorld.Kes);

    public async ValueTask InitializeAsync()
    {
        await world.StartsAfresh();
        await world.JobsAreDone();
    }

    public ValueTask DisposeAsync() => new(world.SettlesDown());

    [Fact]
    [Covers("M-14", "M-22")]
    public async Task Two_people_end_it_after_two_days_and_a_later_result_is_for_a_person()
    {
        var provider = await world.ProviderAt(DestinationKind.Mpesa, world.Phone());
        await world.Sells(provider, new Amount(100_000, MpesaWorld.Kes));
        await world.Gateway.Faults(new { timeoutAfterEffect = new { next = 1 }, dropWebhooks = 100 });
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Unknown);
        var payout = withdrawal.Payout!.Value;
        var address = (await world.Sandbox.Get("/sandbox/mpesa/payouts")).EnumerateArray().Single(p => p.GetProperty("originator").GetString() == payout.ToString()).GetProperty("resultUrl").GetString()!;

        await world.Clock.Passes(47.Hours()); // the code for what they do not have is set here: their own answer comes first
        (await Says(payout)).Refusal!.Code.ShouldBe("payout_still_asked");
        await world.Clock.Passes(2.Hours());
        var proposed = (await Says(payout)).OrThrow();
        (await DecideApproval.Run(world.Data(), world.Get<ApprovalBook>(), MoneyWorld.Staff, proposed.Id, ApprovalState.Approved, null, default)).OrThrow();
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(85_000);

        (await world.Tells(address, Paid(payout))).Must();
        await Eventually.True(async () => await world.Database.Count("money.quarantine where payout_id = $1 and reason = 'paid_after_failed'", payout.Value) == 1, "It was not set aside.");
        (await world.Now(withdrawal.Id)).State.ShouldBe(WithdrawalState.Failed);
        (await world.Books.Has(provider)).ShouldBe(85_000);
    }

    [Fact]
    [Covers("M-14")]
    public async Task Of_one_that_was_paid_nothing_is_asked_any_more()
    {
        var provider = await world.ProviderAt(DestinationKind.Mpesa, world.Phone());
        await world.Sells(provider, new Amount(100_000, MpesaWorld.Kes));
        var withdrawal = await world.TakesOut(provider, All);
        await world.Becomes(withdrawal.Id, WithdrawalState.Completed);
        var asked = 0;
        world.Wire.Before = async http =>
        {
            http.Request.EnableBuffering();
            using var body = new StreamReader(http.Request.Body, leaveOpen: true);
            if ((await body.ReadToEndAsync()).Contains(withdrawal.Payout!.Value.ToString(), StringComparison.Ordinal)) Interlocked.Increment(ref asked);
            http.Request.Body.Position = 0;
            return false;
        };
        await world.Clock.Passes(49.Hours());
        await world.JobsAreDone();
        asked.ShouldBe(0);
    }

    private Task<Result<ApprovalView>> Says(PayoutId payout) => RecordPayoutOutcome.Run(world.Data(), world.Rails, MoneyWorld.Person("*"), payout,
        new RecordPayoutOutcome.Body(Paid: false, "No such receipt", "Looked into M-Pesa's pages."), default);

    private static string Paid(PayoutId payout) => JsonSerializer.Serialize(new
    {
        Result = new
        {
            ResultType = 0, ResultCode = "0", ResultDesc = "Told by a test.", OriginatorConversationID = payout.ToString(), ConversationID = "AG_1", TransactionID = Guid.NewGuid().ToString("n")[..10].ToUpperInvariant(),
            ResultParameters = new { ResultParameter = new object[] { new { Key = "TransactionAmount", Value = "850" } } },
        },
    });
}
