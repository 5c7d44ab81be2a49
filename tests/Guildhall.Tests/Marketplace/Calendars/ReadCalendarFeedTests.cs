using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Calendars;

namespace Guildhall.Tests.Marketplace.Calendars;

[Collection(nameof(CalendarTests))]
[Covers("B-12")]
public sealed class ReadCalendarFeedTests(CalendarWorld world)
{
    [Fact]
    public async Task A_booking_is_one_event_for_both_sides_through_all_its_changes()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var booking = await shop.Books(customer, world.InDays(3));
        var unpaid = await shop.Holds(customer, world.InDays(4));
        await world.Database.Execute("update marketplace.bookings set service_name = $2 where id = $1", booking.Id.Value, "Lease; a, b\\c\r\nATTENDEE:mailto:evil@example.test");
        var (mine, theirs, one) = (await Link(customer, CalendarKind.Customer), await Link(shop.Provider, CalendarKind.Provider), await Link(customer, CalendarKind.Booking, booking.Id));

        var (feed, desk, single) = (await Reads(mine), await Reads(theirs), await Reads(one));
        feed.Headers["Content-Type"].ShouldBe("text/calendar; charset=utf-8");
        var told = Told(feed).ShouldHaveSingleItem("a hold is no booking yet");
        (told["UID"], told["STATUS"], told["SEQUENCE"]).ShouldBe((booking.Id.ToString(), "CONFIRMED", booking.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        (told["DTSTART"], told["DTEND"]).ShouldBe(($"{booking.StartsAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}", $"{booking.EndsAt.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}"));
        told["SUMMARY"].ShouldBe("Lease\\; a\\, b\\\\c\\nATTENDEE:mailto:evil@example.test · Omar Haddad");
        told["URL"].ShouldBe($"https://market.test/bookings/{booking.Id}");
        told.ShouldNotContainKey("ATTENDEE");
        Told(single)[0].ShouldBe(told);
        var seen = Told(desk).ShouldHaveSingleItem();
        seen["SUMMARY"].ShouldEndWith("· Layla Al-Sayed");
        seen["URL"].ShouldContain("/desk/bookings/");

        (await Reads(mine, feed.Headers["ETag"])).Must(304);
        (await shop.Cancels(customer, booking.Id)).OrThrow();
        var after = Told((await Reads(mine, feed.Headers["ETag"])).Must()).ShouldHaveSingleItem();
        (after["UID"], after["STATUS"], after["TRANSP"]).ShouldBe((booking.Id.ToString(), "CANCELLED", "TRANSPARENT"));
        int.Parse(after["SEQUENCE"], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(int.Parse(told["SEQUENCE"], System.Globalization.CultureInfo.InvariantCulture));
        string.CompareOrdinal(after["LAST-MODIFIED"], told["LAST-MODIFIED"]).ShouldBeGreaterThanOrEqualTo(0);

        await world.Database.Execute("update marketplace.bookings set cancelled_at = cancelled_at - interval '31 days' where id = $1", booking.Id.Value);
        Told(await Reads(mine)).ShouldBeEmpty();
        (await Reads(mine)).Text.ShouldContain("BEGIN:VTIMEZONE"); // a calendar without a component would be none
        (await shop.Cancels(customer, unpaid.Id)).OrThrow();
    }

    [Fact]
    public async Task A_link_is_shown_once_and_leads_nowhere_when_it_is_renewed_revoked_forged_or_its_owner_is_gone()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var first = await Link(customer, CalendarKind.Customer);
        (await Reads(first)).Must();
        (await world.Database.Count("marketplace.calendar_links where account_id = $1 and token_hash = sha256(convert_to($2, 'utf8'))", customer.AccountId!.Value, SecretOf(first))).ShouldBe(1);
        var second = await Link(customer, CalendarKind.Customer);
        second.ShouldNotBe(first);
        foreach (var gone in new[] { first, first[..^5] + "A.ics", "https://x/api/v1/calendars/.ics", "https://x/api/v1/calendars/" + new string('a', 43) })
            (await Reads(gone)).MustRefuse(MarketplaceRefusals.CalendarNotFound);

        var links = (await ListCalendarLinks.Run(world.Data(), customer, default)).Items.ShouldHaveSingleItem();
        (await RevokeCalendarLink.Run(world.Data(), shop.Provider, links.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.CalendarLinkNotFound);
        (await Reads(second)).Must();
        (await RevokeCalendarLink.Run(world.Data(), customer, links.Id, default)).OrThrow();
        (await Reads(second)).MustRefuse(MarketplaceRefusals.CalendarNotFound);

        var third = await Link(customer, CalendarKind.Customer);
        await world.Database.Execute("update identity.accounts set state = 'suspended' where id = $1", customer.AccountId!.Value);
        (await Reads(third)).MustRefuse(MarketplaceRefusals.CalendarNotFound);
    }

    [Fact]
    public async Task Nobody_gets_a_link_to_what_is_not_theirs()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var booking = await shop.Holds(customer, world.InDays(5));
        foreach (var stranger in new[] { await world.Customer(), MarketplaceWorld.Staff })
            (await Make(stranger, CalendarKind.Booking, booking.Id)).Refusal!.Code.ShouldBe("booking_not_found");
        (await Make(customer, CalendarKind.Provider)).Refusal.ShouldBe(MarketplaceRefusals.NotAProvider);
        (await shop.Cancels(customer, booking.Id)).OrThrow();
    }

    private Task<Result<MakeCalendarLink.Made>> Make(Caller caller, CalendarKind kind, BookingId? booking = null) =>
        MakeCalendarLink.Run(world.Data(), world.Get<MarketplaceOptions>(), caller, new MakeCalendarLink.Body(kind, booking), default);

    private async Task<string> Link(Caller caller, CalendarKind kind, BookingId? booking = null) => (await Make(caller, kind, booking)).OrThrow().Url;

    private Task<Answer> Reads(string url, string? known = null) =>
        world.Visitor().Send(HttpMethod.Get, "calendars/" + url.Split('/')[^1], null, known is null ? [] : [("If-None-Match", known)]);

    private static string SecretOf(string url) => url.Split('/')[^1][..^4];

    private static List<Dictionary<string, string>> Told(Answer feed) => [.. IcsReader.Read(feed.Must().Text).Single().Parts.Where(p => p.Name == "VEVENT")
        .Select(e => e.Properties.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal))];
}
