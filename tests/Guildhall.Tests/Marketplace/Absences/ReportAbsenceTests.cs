using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Bookings;
using Guildhall.Money.Escrow;

namespace Guildhall.Tests.Marketplace.Absences;

[Covers("B-4", "marketplace-21")]
public sealed class ReportAbsenceTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Nothing_is_charged_for_an_absence_before_the_other_side_had_its_time_to_disagree()
    {
        var (shop, customer, booking) = await Begun(noShow: 10);
        (await Reports(shop, shop.Provider, booking)).Refusal!.Code.ShouldBe("absence_too_early");
        await world.Clock.Passes(15.Minutes());
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff }) (await Reports(shop, stranger, booking)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        var report = (await Reports(shop, shop.Provider, booking, "Nobody came.")).OrThrow();
        (await Reports(shop, shop.Provider, booking)).OrThrow().Id.ShouldBe(report.Id);
        (await world.Database.Count("messaging.notices where template = 'absence_reported' and person_id = $1", customer.AccountId!.Value)).ShouldBe(1);

        (await shop.Completes(shop.Provider, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceOpen);
        (await shop.Cancels(customer, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceOpen);
        (await shop.Terms(customer, booking.Id)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceOpen);
        await world.Clock.Passes(report.AnswerUntil - world.Clock.Now - 1.Minutes());
        await world.Data().InTransaction(tx => tx.Enqueue(new SettleAbsence(booking.Id), uniqueKey: "early")); // a job that comes too soon does nothing
        await world.EventuallyOr("The early job was to end", async () => await world.Database.Count("foundation.jobs where kind = 'settle_absence' and unique_key = 'early'") == 0);
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        (await shop.Refunds(booking.OrderId), await shop.Owes("escrow", booking.OrderId)).ShouldBe((0, 25_000));

        await world.Clock.Passes(2.Minutes());
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).State == BookingState.Cancelled);
        (await shop.Sees(customer, booking.Id)).CancelledBy.ShouldBe(CancelledBy.CustomerAbsent);
        (await shop.Refunds(booking.OrderId), await shop.Owes("escrow", booking.OrderId), await shop.Owes("provider_available", booking.OrderId)).ShouldBe((2_500, 0, 22_500 * 85 / 100));
        (await Answers(customer, booking, agrees: false)).Refusal!.Code.ShouldBe("absence_ended");
        (await shop.Writes(customer, booking.ChatId!.Value, "But")).Refusal!.Code.ShouldBe("chat_closed");
    }

    [Fact]
    public async Task A_provider_who_agrees_that_they_did_not_come_gives_everything_back_at_once()
    {
        var (shop, customer, booking) = await Begun();
        await world.Clock.Passes(20.Minutes());
        await Reports(shop, customer, booking);
        (await Answers(customer, booking, agrees: true)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceNotFound); // nobody answers their own
        (await Answers(shop.Provider, booking, agrees: true)).OrThrow().Outcome.ShouldBe(AbsenceOutcome.ProviderAbsent);
        (await Answers(shop.Provider, booking, agrees: true)).OrThrow().State.ShouldBe(AbsenceState.Settled);
        var ended = await shop.Sees(customer, booking.Id);
        (ended.State, ended.CancelledBy).ShouldBe((BookingState.Cancelled, CancelledBy.ProviderAbsent));
        (await shop.Refunds(booking.OrderId), await shop.Owes("provider_available", booking.OrderId)).ShouldBe((25_000, 0));
    }

    [Fact]
    public async Task When_both_say_it_of_each_other_nothing_is_charged_and_staff_decide_with_the_evidence()
    {
        var (shop, customer, booking) = await Begun(noShow: 20);
        await shop.Writes(customer, booking.ChatId!.Value, "I am at the door.");
        await world.Clock.Passes(20.Minutes());
        await using (var gate = await Gate.Close(world.Database, "select 1 from money.orders where id = $1 for update", booking.OrderId.Value))
        {
            var racers = new[] { Task.Run(() => Reports(shop, customer, booking)), Task.Run(() => Reports(shop, shop.Provider, booking, node: 1)) };
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(racers)).ShouldAllBe(r => r.Granted);
        }
        await world.Clock.Passes(60.Hours());
        await world.JobsAreDone();
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        (await shop.Refunds(booking.OrderId), await shop.Owes("escrow", booking.OrderId)).ShouldBe((0, 25_000));

        var id = (await ListAbsences.Run(world.Data(), null, null, default)).OrThrow().Items.Single(a => a.BookingId == booking.Id).Id;
        var decider = MarketplaceWorld.CallerOf(Guid.CreateVersion7()) with { Permissions = new HashSet<string>(["booking.absence"], StringComparer.Ordinal) };
        var evidence = (await ReadAbsenceEvidence.Run(world.Data(), decider, id, default)).OrThrow();
        (evidence.Report.Answer, evidence.NoShowBackPercent, evidence.ProviderTrace).ShouldBe((AbsenceAnswer.ReportedToo, 20, null));
        evidence.Messages.ShouldHaveSingleItem().Text.ShouldBe("I am at the door.");
        evidence.CustomerTrace!.Written.ShouldBe(1);
        (await Decides(shop.Provider with { Permissions = decider.Permissions }, id, AbsenceOutcome.CustomerAbsent)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceOwn);
        (await DecideAbsence.Run(world.Data(), decider, id, new DecideAbsence.Body(AbsenceOutcome.ProviderAbsent, ""), default)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceWhyMissing);
        (await Decides(decider, id, AbsenceOutcome.CustomerAbsent)).OrThrow().DecidedBy.ShouldBe(decider.AccountId);
        (await Decides(decider, id, AbsenceOutcome.CustomerAbsent)).OrThrow().State.ShouldBe(AbsenceState.Settled);
        (await Decides(decider, id, AbsenceOutcome.ProviderAbsent)).Refusal!.Code.ShouldBe("absence_not_contested");
        (await shop.Refunds(booking.OrderId)).ShouldBe(5_000);
        var shown = (await ReadAbsence.Run(world.Data(), customer, booking.Id, default)).OrThrow().Report!;
        (shown.DecidedBy, shown.DecidedWhy).ShouldBe((null, "By the chat."));
    }

    [Fact]
    public async Task A_booking_that_took_place_after_all_is_completed_and_a_report_that_was_taken_back_is_not_made_again()
    {
        var (shop, customer, booking) = await Begun();
        await world.Clock.Passes(20.Minutes());
        await Reports(shop, shop.Provider, booking);
        (await Answers(customer, booking, agrees: false, note: "I was there.")).OrThrow().State.ShouldBe(AbsenceState.Contested);
        (await Answers(customer, booking, agrees: true)).Refusal!.Code.ShouldBe("absence_ended");
        var report = (await ReadAbsence.Run(world.Data(), customer, booking.Id, default)).OrThrow().Report!;
        (await Decides(MarketplaceWorld.Staff, report.Id, AbsenceOutcome.TookPlace)).Granted.ShouldBeTrue();
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow().State.ShouldBe(BookingState.Completed);
        (await shop.Owes("provider_available", booking.OrderId)).ShouldBe(21_250);

        (shop, customer, booking) = await Begun();
        await world.Clock.Passes(20.Minutes());
        await Reports(shop, customer, booking);
        (await AnswerAbsence.Withdraw(world.Data(), shop.Provider, booking.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.AbsenceNotFound);
        for (var i = 0; i < 2; i++) (await AnswerAbsence.Withdraw(world.Data(), customer, booking.Id, default)).OrThrow().State.ShouldBe(AbsenceState.Dropped);
        (await Reports(shop, customer, booking)).Refusal!.Code.ShouldBe("absence_ended");
        (await shop.Completes(shop.Provider, booking.Id)).Granted.ShouldBeTrue();

        (shop, customer, booking) = await Begun();
        await world.Clock.Passes(50.Hours());
        (await Reports(shop, customer, booking)).Refusal!.Code.ShouldBe("absence_too_late");
        (await shop.Cancels(shop.Provider, booking.Id)).OrThrow().State.ShouldBe(BookingState.Cancelled);
    }

    [Fact]
    public async Task A_provider_who_completed_without_coming_pays_it_back_and_one_who_moved_it_unasked_charges_nobody()
    {
        var (shop, customer, booking) = await Begun();
        (await shop.Completes(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        await world.Clock.Passes(20.Minutes());
        (await Reports(shop, shop.Provider, booking)).Refusal!.Code.ShouldBe("booking_not_confirmed");
        var report = (await Reports(shop, customer, booking)).OrThrow();
        report.State.ShouldBe(AbsenceState.Contested);
        (await Decides(MarketplaceWorld.Staff, report.Id, AbsenceOutcome.ProviderAbsent)).Granted.ShouldBeTrue();
        (await shop.Refunds(booking.OrderId), await world.Database.Count("money.journals where order_id = $1 and kind = 'refund_after_release'", booking.OrderId.Value)).ShouldBe((25_000, 1));
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Completed);

        shop = await world.Shop();
        await shop.SellsBy([(0, 0)]);
        customer = await world.Customer();
        booking = (await shop.Moves(shop.Provider, await shop.Books(customer, world.InDays(2)), world.InDays(3))).OrThrow();
        await world.Clock.Passes(booking.StartsAt.AddMinutes(20) - world.Clock.Now);
        await Reports(shop, shop.Provider, booking);
        await Answers(customer, booking, agrees: true);
        (await shop.Refunds(booking.OrderId)).ShouldBe(25_000);
    }

    [Fact]
    public async Task While_a_complaint_holds_the_money_an_absence_waits_to_be_settled()
    {
        var (shop, customer, booking) = await Begun();
        await world.Clock.Passes(20.Minutes());
        var report = (await Reports(shop, shop.Provider, booking)).OrThrow();
        (await HoldOrder.Run(world.Data(), customer, booking.OrderId, "Not as described.", default)).Granted.ShouldBeTrue();
        await world.Clock.Passes(report.AnswerUntil - world.Clock.Now + 1.Minutes());
        await world.EventuallyOr("It was to wait", async () =>
            await world.Database.Count("foundation.jobs where kind = 'settle_absence' and unique_key = $1 and state = 'ready' and run_at > $2", booking.Id.ToString(), world.Clock.Now) == 1);
        (await shop.Refunds(booking.OrderId)).ShouldBe(0);
        (await HoldOrder.End(world.Data(), MarketplaceWorld.Staff, booking.OrderId, "Settled between them.", default)).Granted.ShouldBeTrue();
        await world.Clock.Passes(7.Hours());
        await world.EventuallyOr("It was to be settled", async () => (await shop.Sees(customer, booking.Id)).CancelledBy == CancelledBy.CustomerAbsent);
    }

    // A paid booking whose time has just come.
    private async Task<(Shop Shop, Caller Customer, BookingView Booking)> Begun(int noShow = 0)
    {
        var shop = await world.Shop();
        await shop.SellsBy([(24, 100), (0, 50)], noShow);
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(1));
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now + 1.Minutes());
        return (shop, customer, booking);
    }

    private async Task<Result<AbsenceView>> Reports(Shop shop, Caller who, BookingView booking, string? note = null, int node = 0) =>
        await ReportAbsence.Run(shop.World.Data(node), who, booking.Id, new ReportAbsence.Body(note), default);

    private Task<Result<AbsenceView>> Answers(Caller who, BookingView booking, bool agrees, string? note = null) =>
        AnswerAbsence.Run(world.Data(), who, booking.Id, new AnswerAbsence.Body(agrees, note), default);

    private Task<Result<AbsenceView>> Decides(Caller who, AbsenceId id, AbsenceOutcome outcome) => DecideAbsence.Run(world.Data(1), who, id, new DecideAbsence.Body(outcome, "By the chat."), default);
}
