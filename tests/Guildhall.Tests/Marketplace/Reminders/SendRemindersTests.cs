using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Reminders;

namespace Guildhall.Tests.Marketplace.Reminders;

[Covers("N-4", "marketplace-33")]
public sealed class SendRemindersTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Both_sides_are_reminded_a_day_and_two_hours_before_once()
    {
        var (shop, customer, booking) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        await world.Clock.Passes(booking.StartsAt.AddHours(-24) - world.Clock.Now - 1.Minutes());
        await world.JobsAreDone();
        (await Told(booking)).ShouldBe(0);
        await world.Clock.Passes(2.Minutes());
        await world.JobsAreDone();
        (await Told(booking, "booking_reminder_day", customer), await Told(booking, "booking_reminder_day", shop.Provider), await Told(booking)).ShouldBe((1, 1, 2));
        await world.Clock.Passes(22.Hours());
        await world.JobsAreDone();
        (await Told(booking, "booking_reminder_soon", customer), await Told(booking)).ShouldBe((1, 4));

        // The same work again, by a worker that did not hear of its end.
        foreach (var kind in Enum.GetValues<ReminderKind>()) await world.Data(1).InTransaction(tx => SendReminders.Run(tx, new SendReminders(booking.Id, booking.Revision, kind)));
        await world.Data().InTransaction(tx => PlanReminders.Run(tx, new PlanReminders(booking.Id, booking.Revision)));
        (await Told(booking)).ShouldBe(4);
        (await States(booking)).ShouldBe("day:2:sent: soon:2:sent:");
    }

    [Fact]
    public async Task Of_a_booking_made_three_hours_ahead_only_the_second_reminder_is_sent_and_of_one_made_an_hour_ahead_none()
    {
        var (_, _, booking) = await Booked(NextHour().AddHours(3));
        var (_, _, sooner) = await Booked(NextHour());
        await Planned(booking, 4);
        await Planned(sooner, 4);
        (await States(sooner)).ShouldBe("day:2:skipped:booked_late soon:2:skipped:booked_late");
        await world.Clock.Passes(booking.StartsAt.AddHours(-2) - world.Clock.Now + 1.Minutes());
        await world.JobsAreDone();
        (await States(booking)).ShouldBe("day:2:skipped:booked_late soon:2:sent:");
        (await Told(booking), await Told(sooner)).ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_booking_that_was_moved_or_cancelled_is_not_reminded_of_at_its_old_time_but_at_its_new_one()
    {
        var (shop, customer, booking) = await Booked(world.InDays(3));
        var (_, buyer, cancelled) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        await Planned(cancelled, 4);
        var moved = (await shop.Moves(customer, booking, world.InDays(6))).OrThrow();
        (await shop.Cancels(buyer, cancelled.Id)).Granted.ShouldBeTrue();
        await Planned(booking, 8);
        await world.Clock.Passes(booking.StartsAt.AddHours(-1) - world.Clock.Now);
        await world.JobsAreDone();
        (await Told(booking), await Told(cancelled)).ShouldBe((0, 0));
        (await States(cancelled)).ShouldBe("day:2:skipped:ended soon:2:skipped:ended");
        (await States(booking)).ShouldBe("day:2:skipped:moved soon:2:skipped:moved");

        await world.Clock.Passes(moved.StartsAt.AddHours(-23) - world.Clock.Now);
        await world.JobsAreDone();
        var facts = await world.Database.Column<string>("select facts->>'when' from messaging.notices where template = 'booking_reminder_day' and unique_key = $1", $"{booking.Id}:{moved.Revision}:day");
        facts.ShouldBe([.. Enumerable.Repeat(Guildhall.Messaging.Say.When(moved.StartsAt, "Asia/Kuwait"), 2)]);
        (await ListReminders.Run(world.Data(), booking.Id, default)).OrThrow().Items.Count(r => r.State == ReminderState.Sent).ShouldBe(2);
    }

    [Fact]
    public async Task A_reminder_whose_time_comes_while_the_booking_is_being_moved_is_not_sent()
    {
        var (shop, customer, booking) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        await using var gate = await Gate.Close(world.Database, "select 1 from marketplace.bookings where id = $1 for update", booking.Id.Value);
        var moving = Task.Run(() => shop.Moves(customer, booking, world.InDays(6)));
        await Eventually.True(async () => await gate.Waiting() == 1, "The move was to wait.");
        // Nobody may stand before the move: a moved clock would refuse it, so the work is asked for now.
        var sending = Task.Run(() => world.Data(1).InTransaction(tx => SendReminders.Run(tx, new SendReminders(booking.Id, booking.Revision, ReminderKind.Day))));
        await gate.OpenWhenWaiting(2);
        await sending;
        (await moving).Granted.ShouldBeTrue();
        (await States(booking)).ShouldStartWith("day:2:skipped:moved");
        (await Told(booking)).ShouldBe(0);
    }

    [Fact]
    public async Task What_comes_too_late_to_be_of_use_is_recorded_and_not_sent()
    {
        var (_, _, booking) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        await world.Clock.Passes(booking.StartsAt.AddHours(-1) - world.Clock.Now); // nobody worked for a day
        await world.JobsAreDone();
        (await States(booking)).ShouldBe("day:2:skipped:too_late soon:2:sent:");

        (_, _, booking) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now + 1.Minutes());
        await world.JobsAreDone();
        (await States(booking)).ShouldBe("day:2:skipped:too_late soon:2:skipped:too_late");
    }

    [Theory]
    [InlineData(false), InlineData(true)]
    public async Task A_reminder_that_waits_for_the_end_of_quiet_hours_never_comes_once_its_booking_was_cancelled_or_moved(bool moved)
    {
        var (shop, customer, booking) = await Booked(world.InDays(3));
        await Planned(booking, 4);
        var due = booking.StartsAt.AddHours(-24);
        var minute = (int)due.AddHours(3).TimeOfDay.TotalMinutes; // on a clock of Kuwait
        foreach (var side in new[] { customer, shop.Provider })
            await world.Database.Execute("insert into messaging.quiet_hours (person_id, starts, ends, changed_at) values ($1, $2, $3, now())", side.AccountId!.Value, (minute + 1380) % 1440, (minute + 300) % 1440);
        await world.Clock.Passes(due - world.Clock.Now + 1.Minutes());
        await world.JobsAreDone();
        (await Mails(booking)).ShouldBe("queued QUIET_HOURS, queued QUIET_HOURS");

        (moved ? await shop.Moves(shop.Provider, booking, world.InDays(6)) : await shop.Cancels(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        await world.Clock.Passes(6.Hours());
        await world.JobsAreDone();
        (await Mails(booking)).ShouldBe("failed TOO_LATE, failed TOO_LATE");
        var address = await world.Database.Value<string>("select email from messaging.recipients where person_id = $1", customer.AccountId!.Value);
        (await world.Gateway.MailTo(address)).ShouldNotContain(mail => mail.GetProperty("subject").GetString()!.StartsWith("Tomorrow"));
    }

    // How the mails of the reminders of a booking's first time stand.
    private Task<string> Mails(BookingView booking) => world.Database.Value<string>("""
        select string_agg(d.state || ' ' || coalesce(d.reason, ''), ', ') from messaging.deliveries d join messaging.notices n on n.id = d.notice_id
        where d.channel = 'email' and n.template like 'booking_reminder%' and n.unique_key like $1
        """, $"{booking.Id}:{booking.Revision}:%");

    private async Task<(Shop Shop, Caller Customer, BookingView Booking)> Booked(DateTimeOffset start)
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        return (shop, customer, await shop.Books(customer, start));
    }

    // Not one that begins before it is booked: other tests leave the clock anywhere.
    private DateTimeOffset NextHour()
    {
        var soon = world.Clock.Now.UtcDateTime.AddMinutes(10);
        return new DateTimeOffset(soon.Date.AddHours(soon.Hour + 1), TimeSpan.Zero);
    }

    private Task Planned(BookingView booking, int rows) =>
        world.EventuallyOr("The reminders were to be planned", async () => await world.Database.Count("marketplace.reminders where booking_id = $1", booking.Id.Value) == rows);

    private Task<long> Told(BookingView booking) => world.Database.Count("messaging.notices where template like 'booking_reminder%' and unique_key like $1", booking.Id + ":%");

    private Task<long> Told(BookingView booking, string template, Caller who) =>
        world.Database.Count("messaging.notices where template = $2 and person_id = $3 and unique_key like $1", booking.Id + ":%", template, who.AccountId!.Value);

    // Of the time that it had first.
    private Task<string> States(BookingView booking) => world.Database.Value<string>("""
        select string_agg(line, ' ' order by line) from (
            select kind || ':' || count(*) || ':' || state || ':' || coalesce(reason, '') as line from marketplace.reminders where booking_id = $1 and revision = $2 group by kind, state, reason) l
        """, booking.Id.Value, booking.Revision);
}
