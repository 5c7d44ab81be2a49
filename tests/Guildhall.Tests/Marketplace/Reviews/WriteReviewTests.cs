using System.Text.Json;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Reviews;
using Guildhall.Money.Refunds;

namespace Guildhall.Tests.Marketplace.Reviews;

[Covers("B-9")]
public sealed class WriteReviewTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    [Fact]
    public async Task Of_what_one_side_wrote_the_other_learns_nothing_until_both_have_written_and_then_both_stand_there_at_once()
    {
        var (shop, customer, booking) = await Completed();
        var (seen, exported) = (await All(shop, booking), await Export(shop.Provider));
        (await Writes(shop, customer, booking, 2, "Came late, left early.")).OrThrow().PublishedAt.ShouldBeNull();
        await world.JobsAreDone();
        (await All(shop, booking)).ShouldBe(seen);
        (await Export(shop.Provider)).ShouldBe(exported);
        (await Export(customer)).ShouldContain("Came late");
        (await Told(booking, "reviews_published")).ShouldBe(0);
        var id = (await Reads(customer, booking)).Mine!.Id;
        (await HideReview.Run(world.Data(), MarketplaceWorld.Staff, id, new HideReview.Body(HidingRule.Words, "Rude words."), default)).Refusal.ShouldBe(MarketplaceRefusals.BookingReviewNotFound);
        (await ReplyToReview.Run(world.Data(), shop.Provider, id, new ReplyToReview.Body("Not true."), default)).Refusal.ShouldBe(MarketplaceRefusals.BookingReviewNotFound);
        (await ReadBookingReviews.Run(world.Data(), MarketplaceWorld.Staff, booking.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        (await ListProviderReviews.Run(world.Data(), shop.Id, id.ToString(), default)).OrThrow().Items.ShouldBeEmpty();

        (await Writes(shop, customer, booking, 3, "Came late.")).OrThrow().Id.ShouldBe(id);
        (await Writes(shop, shop.Provider, booking, 5, null)).OrThrow().PublishedAt.ShouldNotBeNull();
        var (mine, theirs) = (await Reads(customer, booking), await Reads(shop.Provider, booking));
        (mine.Theirs!.Rating, theirs.Theirs!.Text, theirs.Customer!.Average, mine.Customer).ShouldBe((5, "Came late.", "5.00", null));
        mine.Theirs.PublishedAt.ShouldBe(theirs.Theirs.PublishedAt);
        (await Told(booking, "reviews_published")).ShouldBe(2);
        (await Writes(shop, customer, booking, 1, "Worse than I thought.")).Refusal!.Code.ShouldBe("review_closed");
        (await Writes(shop, customer, booking, 3, "Came late.")).Granted.ShouldBeTrue();
        (await Sum(shop)).ShouldBe((1, "3.00"));
    }

    [Fact]
    public async Task When_both_sides_write_at_the_same_moment_both_reviews_are_published()
    {
        var (shop, customer, booking) = await Completed();
        await using (var gate = await Gate.Close(world.Database, "select 1 from marketplace.review_windows where booking_id = $1 for update", booking.Id.Value))
        {
            var racers = new[] { Task.Run(() => Writes(shop, customer, booking, 4, "Good.")), Task.Run(() => Writes(shop, shop.Provider, booking, 5, null, node: 1)) };
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(racers)).ShouldAllBe(r => r.Granted);
        }
        (await world.Database.Count("marketplace.reviews r join marketplace.review_windows w on w.booking_id = r.booking_id and w.published_at = r.published_at where r.booking_id = $1", booking.Id.Value)).ShouldBe(2);
        (await Told(booking, "reviews_published")).ShouldBe(2);
    }

    [Fact]
    public async Task Who_wrote_nothing_is_reminded_once_and_when_the_time_is_over_what_was_written_is_published_and_answered_once()
    {
        var (shop, customer, booking) = await Completed();
        await Writes(shop, customer, booking, 4, "Clear <b>answers</b>.");
        await world.Clock.Passes(4.Days());
        await world.JobsAreDone();
        await world.Data(1).InTransaction(tx => AskForReview.Run(tx, new AskForReview(booking.Id)));
        (await world.Database.Column<Guid>("select person_id from messaging.notices where template = 'review_reminder' and unique_key = $1", booking.Id.ToString())).ShouldBe([shop.Provider.AccountId!.Value]);
        await world.Data(1).InTransaction(tx => PublishReviews.Run(tx, new PublishReviews(booking.Id)));
        (await Sum(shop)).ShouldBe((0, null));
        await world.Clock.Passes(11.Days());
        (await Writes(shop, shop.Provider, booking, 1, "Too late.")).Refusal!.Code.ShouldBe("review_closed");
        await world.EventuallyOr("It was to be published", async () => (await Reads(shop.Provider, booking)).Theirs is not null);
        (await Reads(customer, booking)).ShouldSatisfyAllConditions(v => v.MayWrite.ShouldBeFalse(), v => v.Theirs.ShouldBeNull());

        var id = (await Reads(shop.Provider, booking)).Theirs!.Id;
        (await Replies(customer, id, "Mine")).Refusal.ShouldBe(MarketplaceRefusals.BookingReviewNotFound);
        (await Replies(shop.Provider, id, " ")).Refusal.ShouldBe(MarketplaceRefusals.ReviewInvalid);
        for (var i = 0; i < 2; i++) (await Replies(shop.Provider, id, "Thank you.")).OrThrow().Reply.ShouldBe("Thank you.");
        (await Replies(shop.Provider, id, "And more.")).Refusal.ShouldBe(MarketplaceRefusals.ReviewReplied);
        var line = (await Page(shop)).Items.ShouldHaveSingleItem();
        (line.Customer, line.Rating, line.Text, line.Reply).ShouldBe(("Layla", 4, "Clear <b>answers</b>.", "Thank you."));

        // Erased: the words and the name go, the stars stay; the answer is its provider's.
        (await Export(customer)).ShouldContain("Clear");
        (await Export(shop.Provider)).ShouldContain("Thank you.");
        await world.Data().InTransaction(tx => MarketplacePersonalData.Part.Erase(tx, customer.AccountId!.Value));
        line = (await Page(shop)).Items.ShouldHaveSingleItem();
        (line.Customer, line.Rating, line.Text, line.Reply).ShouldBe((null, 4, null, "Thank you."));
        await world.Database.Execute("update marketplace.reviews set text = 'Again.' where id = $1", id.Value);
        await world.Data().InTransaction(tx => MarketplacePersonalData.Part.Erase(tx, shop.Provider.AccountId!.Value));
        (await world.Database.Value<string>("select concat(text, '|', reply, '|', rating) from marketplace.reviews where id = $1", id.Value)).ShouldBe("Again.||4");
    }

    [Fact]
    public async Task The_public_list_is_walked_through_without_a_gap_and_what_staff_hide_counts_by_the_rule_they_name()
    {
        var shop = await world.Shop(minutes: 15, bufferMinutes: 0);
        var customer = await world.Customer();
        var start = world.InDays(1);
        var bookings = new List<BookingView>();
        for (var i = 0; i < 11; i++) bookings.Add(await shop.Books(customer, start.AddMinutes(15 * i)));
        await world.Clock.Passes(start.AddHours(3) - world.Clock.Now);
        foreach (var (no, booking) in bookings.Index())
        {
            (await shop.Completes(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
            (await Writes(shop, customer, booking, no % 5 + 1, $"Text {no}.")).Granted.ShouldBeTrue();
        }
        await Task.WhenAll(bookings.Select((b, no) => Task.Run(() => Writes(shop, shop.Provider, b, 5, null, node: no % 2))));
        var first = await Page(shop);
        (first.Rating.Count, first.Rating.Average, string.Join(",", first.Rating.Stars), first.Items.Count).ShouldBe((11, "2.82", "3,2,2,2,2", 10));
        var second = (await ListProviderReviews.Run(world.Data(), shop.Id, first.Next!.ToString(), default)).OrThrow();
        (second.Items.Count, second.Next).ShouldBe((1, null));
        first.Items.Concat(second.Items).Select(i => i.Id).Distinct().Count().ShouldBe(11);

        var (words, all) = (first.Items.First(i => i.Rating == 1).Id, first.Items.First(i => i.Rating == 5).Id);
        (await Hides(customer with { Permissions = MarketplaceWorld.Staff.Permissions }, words, HidingRule.Words)).Refusal.ShouldBe(MarketplaceRefusals.ReviewParty);
        (await HideReview.Run(world.Data(), MarketplaceWorld.Staff, words, new HideReview.Body(HidingRule.Words, " "), default)).Refusal.ShouldBe(MarketplaceRefusals.ReviewWhyMissing);
        for (var i = 0; i < 2; i++) (await Hides(MarketplaceWorld.Staff, words, HidingRule.Words)).OrThrow().Hidden.ShouldBe(HidingRule.Words);
        (await Sum(shop)).ShouldBe((11, "2.82"));
        (await Page(shop)).Items.Single(i => i.Id == words).ShouldSatisfyAllConditions(l => l.Text.ShouldBeNull(), l => l.TextHidden.ShouldBeTrue());
        (await Hides(MarketplaceWorld.Staff, all, HidingRule.NotGenuine)).Granted.ShouldBeTrue();
        (await Hides(MarketplaceWorld.Staff, all, HidingRule.Words)).Refusal!.Code.ShouldBe("review_hidden");
        (await Sum(shop)).ShouldBe((10, "2.60"));
        (await Page(shop)).Items.ShouldNotContain(i => i.Id == all);
        (await Replies(shop.Provider, all, "Nonsense")).Refusal.ShouldBe(MarketplaceRefusals.BookingReviewNotFound);
        (await world.Database.Column<string>("select template from messaging.notices where person_id = $1 and template like 'review_hidden%' order by template", customer.AccountId!.Value)).ShouldBe(["review_hidden", "review_hidden_words"]);
        (await world.Database.Count("foundation.audit where action = 'review.hidden' and subject_id in ($1, $2)", words.ToString(), all.ToString())).ShouldBe(2);
        (await ListPublishedReviews.Run(world.Data(), hidden: true, null, default)).OrThrow().Items.Count(i => i.CustomerId == customer.AccountId).ShouldBe(2);
    }

    [Fact, Covers("marketplace-55")]
    public async Task A_booking_that_is_not_completed_or_whose_money_went_back_is_not_reviewed_and_a_stranger_finds_nothing()
    {
        var (shop, customer, booking) = await Completed();
        await Writes(shop, customer, booking, 1, "Never came.");
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, MarketplaceWorld.Staff, booking.OrderId, amount: null, "complaint"))).Granted.ShouldBeTrue();
        (await Writes(shop, shop.Provider, booking, 1, "Liar.")).Refusal!.Code.ShouldBe("review_not_possible");
        await world.Clock.Passes(15.Days());
        await world.JobsAreDone();
        (await Sum(shop), (await Reads(shop.Provider, booking)).Theirs).ShouldBe(((0, null), null));

        (shop, customer, booking) = await Completed();
        await Writes(shop, customer, booking, 4, null);
        await Writes(shop, shop.Provider, booking, 4, null);
        (await world.Data().InTransaction(tx => RequestRefund.Run(tx, MarketplaceWorld.Staff, booking.OrderId, amount: null, "complaint"))).Granted.ShouldBeTrue();
        (await Sum(shop)).ShouldBe((1, "4.00"));

        var open = await shop.Books(customer, world.InDays(2));
        (await Writes(shop, customer, open, 5, null)).Refusal!.Code.ShouldBe("review_not_possible");
        (await shop.Cancels(customer, open.Id)).Granted.ShouldBeTrue();
        (await Writes(shop, customer, open, 5, null)).Refusal!.Code.ShouldBe("review_not_possible");

        var person = await world.Person();
        (await person.Put($"bookings/{booking.Id}/review", new { rating = 5 })).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await person.Get($"bookings/{booking.Id}/reviews")).MustRefuse(MarketplaceRefusals.BookingNotFound);
        (await person.Get("admin/reviews")).Status.ShouldBe(403);
        (await person.Get($"providers/{shop.Id}/reviews")).Must().Text.ShouldContain("\"average\":\"4.00\"");
        foreach (var (rating, text) in new[] { (0, "x"), (6, "x"), (3, new string('x', 2001)), (3, "a\u0007b") }) (await Writes(shop, customer, booking, rating, text)).Refusal.ShouldBe(MarketplaceRefusals.ReviewInvalid);
    }

    private async Task<(Shop Shop, Caller Customer, BookingView Booking)> Completed()
    {
        var shop = await world.Shop();
        var customer = await world.Customer();
        var booking = await shop.Books(customer, world.InDays(1));
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now + 1.Minutes());
        return (shop, customer, (await shop.Completes(shop.Provider, booking.Id)).OrThrow() with { Role = BookingRole.Customer });
    }

    // Everything that the provider, the public and staff can read about it.
    private async Task<string> All(Shop shop, BookingView booking) => JsonSerializer.Serialize(new object[]
    {
        await shop.Sees(shop.Provider, booking.Id), await Reads(shop.Provider, booking), await Page(shop),
        (await ListPublishedReviews.Run(world.Data(), hidden: false, null, default)).OrThrow().Items.Count(i => i.BookingId == booking.Id),
    });

    private async Task<string> Export(Caller who) => JsonSerializer.Serialize(await MarketplacePersonalData.Part.Read(world.Data(), who.AccountId!.Value, default));

    private Task<Result<ReviewView>> Writes(Shop shop, Caller who, BookingView booking, int rating, string? text, int node = 0) =>
        WriteReview.Run(shop.World.Data(node), who, booking.Id, new WriteReview.Body(rating, text), default);

    private async Task<ReadBookingReviews.View> Reads(Caller who, BookingView booking) => (await ReadBookingReviews.Run(world.Data(1), who, booking.Id, default)).OrThrow();

    private Task<Result<ReviewView>> Replies(Caller who, ReviewId id, string text) => ReplyToReview.Run(world.Data(), who, id, new ReplyToReview.Body(text), default);

    private Task<Result<StaffReview>> Hides(Caller who, ReviewId id, HidingRule rule) => HideReview.Run(world.Data(), who, id, new HideReview.Body(rule, "Breaks the rules."), default);

    private async Task<ListProviderReviews.Page> Page(Shop shop) => (await ListProviderReviews.Run(world.Data(1), shop.Id, null, default)).OrThrow();

    private async Task<(int, string?)> Sum(Shop shop) => (await Page(shop)).Rating is var rating ? (rating.Count, rating.Average) : default;

    private Task<long> Told(BookingView booking, string template) => world.Database.Count("messaging.notices where template = $1 and unique_key = $2", template, booking.Id.ToString());
}
