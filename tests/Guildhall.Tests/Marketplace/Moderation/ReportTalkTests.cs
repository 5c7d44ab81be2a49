using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Tests.Marketplace.Moderation;

[Covers("B-6")]
public sealed class ReportTalkTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task A_message_is_reported_with_a_copy_that_stays_and_once_while_nobody_has_decided()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        var bad = (await shop.Writes(shop.Provider, chat, "Pay me in cash, it is cheaper.")).OrThrow();
        var own = (await shop.Writes(customer, chat, "No.")).OrThrow();
        foreach (var wrong in new[] { own.Id, MessageId.From(Guid.CreateVersion7()) })
            (await Reports(customer, chat, wrong)).Refusal.ShouldBe(MarketplaceRefusals.MessageNotReportable);
        foreach (var body in new[] { new ReportTalk.Body(null), new ReportTalk.Body(ReportReason.Fraud, null, new string('x', 1001)), new ReportTalk.Body(ReportReason.Fraud, null, "bell\u0007") })
            (await ReportTalk.Run(world.Data(), customer, chat, body, default)).Refusal.ShouldBe(MarketplaceRefusals.ReportInvalid);
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff }) (await Reports(stranger, chat, bad.Id)).Refusal.ShouldBe(MarketplaceRefusals.ChatNotFound);

        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => Task.Run(() => Reports(customer, chat, bad.Id, node: n % 2))));
        var report = both.Select(r => r.OrThrow().Id).Distinct().ShouldHaveSingleItem();
        (await Reports(customer, chat, null)).OrThrow().Id.ShouldNotBe(report); // the person as a whole is another matter
        await world.Database.Execute("update marketplace.messages set text = '-' where id = $1", bad.Id.Value);

        (await ListTalkReports.Run(world.Data(), null, null, default)).OrThrow().Items.ShouldContain(r => r.Id == report);
        var look = (await ReadTalkReport.Run(world.Data(1), report, default)).OrThrow();
        (look.Report.MessageText, look.Report.Reason, look.Report.Words, look.Report.ReportedId).ShouldBe(("Pay me in cash, it is cheaper.", ReportReason.OutsidePayment, "Twice.", shop.Provider.AccountId!.Value));
        look.Near.Select(m => m.Text).ShouldBe(["-", "No."]);
        (look.Provider!.Id, look.Before.Count).ShouldBe((shop.Id, 1));
    }

    [Fact]
    public async Task Staff_decide_once_never_on_their_own_and_both_sides_hear_what_concerns_them()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        var report = (await Reports(customer, chat, (await shop.Writes(shop.Provider, chat, "Rude words")).OrThrow().Id)).OrThrow().Id;
        foreach (var side in new[] { customer, shop.Provider })
            (await Decides(side with { Permissions = Moderator().Permissions }, report, ReportOutcome.Nothing)).Refusal.ShouldBe(MarketplaceRefusals.ReportParty);
        (await Decides(Moderator(), report, ReportOutcome.Warned, why: " ")).Refusal.ShouldBe(MarketplaceRefusals.DecisionWhyMissing);

        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.talk_reports where id = $1 for update", report.Value);
        var race = new[] { Task.Run(() => Decides(Moderator(), report, ReportOutcome.Warned)), Task.Run(() => Decides(Moderator(), report, ReportOutcome.ChatClosed, node: 1)) };
        await gate.OpenWhenWaiting(2);
        var done = await Task.WhenAll(race);
        done.Count(d => d.Granted).ShouldBe(1);
        done.Single(d => !d.Granted).Refusal!.Code.ShouldBe("report_decided");
        (await Told(shop.Provider, "talk_warned") + await Told(shop.Provider, "talk_chat_closed")).ShouldBe(1);
        (await Told(customer, "talk_report_acted"), await Told(customer, "talk_warned")).ShouldBe((1, 0));
        (await world.Database.Count("foundation.audit where action = 'talk.report_decided' and subject_id = $1", report.ToString())).ShouldBe(1);

        var nothing = (await Reports(shop.Provider, chat, null)).OrThrow().Id;
        (await Decides(Moderator(), nothing, ReportOutcome.Suspended)).Refusal.ShouldBe(MarketplaceRefusals.ReportedSellsNothing);
        (await Decides(Moderator(), nothing, ReportOutcome.Nothing)).Granted.ShouldBeTrue();
        (await Told(shop.Provider, "talk_report_nothing"), await world.Database.Count("messaging.notices where person_id = $1 and template like 'talk_%'", customer.AccountId!.Value)).ShouldBe((1, 1));
    }

    [Fact, Covers("marketplace-25")]
    public async Task A_chat_that_staff_close_takes_no_message_and_its_booking_goes_on()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        var report = (await Reports(customer, chat, null)).OrThrow().Id;
        (await Decides(Moderator(), report, ReportOutcome.ChatClosed)).OrThrow().Chat.ShouldBe(ChatState.Closed);
        foreach (var node in new[] { 0, 1 }) (await shop.Writes(shop.Provider, chat, "But", node: node)).Refusal!.Code.ShouldBe("chat_closed");
        (await ListMessages.Run(world.Data(1), customer, chat, 0, default)).OrThrow().Items.Single().Text.ShouldBe("moderated");
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now + TimeSpan.FromSeconds(1));
        (await shop.Completes(shop.Provider, booking.Id)).OrThrow().State.ShouldBe(BookingState.Completed);
    }

    [Fact]
    public async Task A_suspended_provider_sells_nothing_new_until_staff_say_so()
    {
        var (shop, customer, booking) = await Booked();
        var report = (await Reports(customer, booking.ChatId!.Value, null)).OrThrow().Id;
        (await Decides(Moderator(), report, ReportOutcome.Suspended)).OrThrow().Provider!.State.ShouldBe(ProviderState.Suspended);
        (await shop.TriesToHold(await world.Customer(), world.InDays(8))).Refusal.ShouldBe(MarketplaceRefusals.ServiceNotFound);
        (await shop.Sees(customer, booking.Id)).State.ShouldBe(BookingState.Confirmed);
        (await Told(shop.Provider, "talk_suspended")).ShouldBe(1);

        (await ResumeProvider.Run(world.Data(), Moderator(), shop.Id, new("no"), default)).Refusal.ShouldBe(MarketplaceRefusals.DecisionWhyMissing);
        (await ResumeProvider.Run(world.Data(), shop.Provider with { Permissions = Moderator().Permissions }, shop.Id, new("I want to."), default)).Refusal.ShouldBe(MarketplaceRefusals.ReportParty);
        (await ResumeProvider.Run(world.Data(), Moderator(), shop.Id, new("They apologised."), default)).Granted.ShouldBeTrue();
        (await shop.TriesToHold(await world.Customer(), world.InDays(8))).Granted.ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_is_reported_erases_no_evidence_and_reads_no_words_of_whoever_reported()
    {
        var (shop, customer, booking) = await Booked();
        var chat = booking.ChatId!.Value;
        var report = (await Reports(customer, chat, (await shop.Writes(shop.Provider, chat, "Rude words")).OrThrow().Id)).OrThrow().Id;
        (await shop.Cancels(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        var part = world.Get<IEnumerable<PersonalData>>().Single(p => p.Section == "marketplace");
        (await world.Data().InTransaction(tx => part.Objection!(tx, shop.Provider.AccountId!.Value))).ShouldNotBeNull();
        (await Decides(Moderator(), report, ReportOutcome.Warned)).Granted.ShouldBeTrue();
        (await world.Data().InTransaction(tx => part.Objection!(tx, shop.Provider.AccountId!.Value))).ShouldBeNull();
        var copy = System.Text.Json.JsonSerializer.Serialize(await part.Read(world.Data(), shop.Provider.AccountId!.Value, default));
        copy.ShouldContain("Looked at it.");
        copy.ShouldNotContain("Twice.");
        await world.Data().InTransaction(async tx => { await part.Erase(tx, shop.Provider.AccountId!.Value); return true; });
        (await world.Database.Count("marketplace.talk_reports where id = $1 and message_text is null and words is not null", report.Value)).ShouldBe(1);
    }

    private static Caller Moderator() => MarketplaceWorld.CallerOf(Guid.CreateVersion7()) with { Permissions = new HashSet<string>(["talk.moderate"], StringComparer.Ordinal) };

    private Task<Result<ReportTalk.View>> Reports(Caller who, ChatId chat, MessageId? message, int node = 0) =>
        ReportTalk.Run(world.Data(node), who, chat, new ReportTalk.Body(ReportReason.OutsidePayment, message, "Twice."), default);

    private Task<Result<ReadTalkReport.View>> Decides(Caller who, TalkReportId id, ReportOutcome outcome, string why = "Looked at it.", int node = 0) =>
        DecideTalkReport.Run(world.Data(node), who, id, new DecideTalkReport.Body(outcome, why), default);

    private Task<long> Told(Caller who, string template) => world.Database.Count("messaging.notices where person_id = $1 and template = $2", who.AccountId!.Value, template);

    private async Task<(Shop, Caller, BookingView)> Booked()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        return (shop, customer, await shop.Books(customer, world.InDays(4)));
    }
}
