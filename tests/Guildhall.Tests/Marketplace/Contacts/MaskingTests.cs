using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Providers;

namespace Guildhall.Tests.Marketplace.Contacts;

[Covers("B-6", "marketplace-28")]
public sealed class MaskingTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private const string Note = "It is about a lease of 450 KD until 31/12/2026.\nCall me on ٩٩٨٨ ٧٧٦٦ or layla at example dot com";
    private const string Seen = "It is about a lease of 450 KD until 31/12/2026.\nCall me on ••• or •••";

    [Fact]
    public async Task Contact_details_in_a_note_are_hidden_from_the_provider_until_it_is_paid()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var held = (await Holds(shop, customer, Note)).OrThrow();
        held.Note.ShouldBe(Note);
        var mine = held.Hidden.ShouldHaveSingleItem();
        (mine.Text, mine.Appeal).ShouldBe((MaskedText.Note, null));
        mine.Kinds.ShouldBe([ContactKind.Phone, ContactKind.Email]);
        mine.Parts.ShouldBe(["٩٩٨٨ ٧٧٦٦", "layla at example dot com"]);

        var theirs = await shop.Sees(shop.Provider, held.Id);
        theirs.Note.ShouldBe(Seen);
        theirs.Hidden.ShouldHaveSingleItem().Parts.ShouldBeEmpty();
        (await ListBookings.Run(world.Data(), shop.Provider, "provider", null, null, default)).OrThrow().Items.Single().Note.ShouldBe(Seen);
        (await shop.Sees(MarketplaceWorld.Staff, held.Id)).Note.ShouldBe(Note);

        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        var paid = await shop.Sees(shop.Provider, held.Id);
        (paid.State, paid.Note, paid.Hidden.Count).ShouldBe((BookingState.Confirmed, Note, 0));
        (await shop.Sees(customer, held.Id)).Hidden.ShouldBeEmpty();
        (await Appeals(customer, held.Id)).Refusal.ShouldBe(MarketplaceRefusals.NothingMasked);

        foreach (var bad in new[] { new string('x', 501), "bell\u0007" }) (await Holds(shop, customer, bad, day: 6)).Refusal.ShouldBe(MarketplaceRefusals.RequestNoteInvalid);
        var plain = (await Holds(shop, customer, "  Two lamps and 12 sockets. ", day: 6)).OrThrow();
        ((await shop.Sees(shop.Provider, plain.Id)).Note, plain.Hidden.Count).ShouldBe(("Two lamps and 12 sockets.", 0));
        (await Appeals(customer, plain.Id)).Refusal.ShouldBe(MarketplaceRefusals.NothingMasked);
    }

    [Fact]
    public async Task Why_an_unpaid_booking_was_given_up_is_no_way_round_and_stays_hidden_also_in_the_copy_of_ones_data()
    {
        var (shop, customer) = (await world.Shop(), await world.Customer());
        var held = (await Holds(shop, customer, Note)).OrThrow();
        (await shop.Cancels(shop.Provider, held.Id, new CancelBooking.Body("Pay me directly: 55512345"))).OrThrow().CancelReason.ShouldBe("Pay me directly: 55512345");
        var seen = await shop.Sees(customer, held.Id);
        seen.CancelReason.ShouldBe("Pay me directly: •••");
        seen.Hidden.Select(h => (h.Text, h.Parts.Count)).ShouldBe([(MaskedText.Note, 2), (MaskedText.CancelReason, 0)]);
        (await shop.Sees(shop.Provider, held.Id)).Hidden.Select(h => (h.Text, h.Parts.Count)).ShouldBe([(MaskedText.Note, 0), (MaskedText.CancelReason, 1)]);
        (await CopyOf(customer)).ShouldSatisfyAllConditions(c => c.ShouldNotContain("55512345"), c => c.ShouldContain("layla at example dot com"));
        (await CopyOf(shop.Provider)).ShouldSatisfyAllConditions(c => c.ShouldContain("55512345"), c => c.ShouldNotContain("layla at example"));

        // A paid one's reason is read as it was written.
        var paid = await shop.Books(customer, world.InDays(9));
        (await shop.Cancels(customer, paid.Id, new CancelBooking.Body("Ill, call 55512345"))).Granted.ShouldBeTrue();
        (await shop.Sees(shop.Provider, paid.Id)).CancelReason.ShouldBe("Ill, call 55512345");
    }

    [Fact]
    public async Task Who_is_wronged_appeals_once_and_staff_decide_but_never_on_their_own()
    {
        var (shop, customer, staff) = (await world.Shop(), await world.Customer(), Moderator());
        var held = (await Holds(shop, customer, "The meter reads 00451290 and 00439077.")).OrThrow();
        (await shop.Sees(shop.Provider, held.Id)).Note.ShouldBe("The meter reads ••• and •••.");
        foreach (var other in new[] { shop.Provider, MarketplaceWorld.Anybody(), staff }) (await Appeals(other, held.Id)).Granted.ShouldBeFalse();
        var appeal = (await Appeals(customer, held.Id, "Those are readings.")).OrThrow();
        (await Appeals(customer, held.Id, "Again.")).OrThrow().Id.ShouldBe(appeal.Id);
        (await ListMaskAppeals.Run(world.Data(), null, null, default)).OrThrow().Items.ShouldContain(a => a.Id == appeal.Id);
        var look = (await ReadMaskAppeal.Run(world.Data(), appeal.Id, default)).OrThrow();
        (look.Written, look.Seen, look.Parts.Count, look.Appeal.Words).ShouldBe(("The meter reads 00451290 and 00439077.", "The meter reads ••• and •••.", 2, "Those are readings."));

        (await Decides(customer with { Permissions = staff.Permissions }, appeal.Id, grant: true)).Refusal.ShouldBe(MarketplaceRefusals.MaskAppealOwn);
        (await Decides(staff, appeal.Id, grant: true, why: "")).Refusal.ShouldBe(MarketplaceRefusals.DecisionWhyMissing);
        await using (var gate = await Gate.Close(world.Database, "select 1 from marketplace.mask_appeals where id = $1 for update", appeal.Id.Value))
        {
            var both = new[] { Task.Run(() => Decides(staff, appeal.Id, grant: true)), Task.Run(() => Decides(Moderator(), appeal.Id, grant: true, node: 1)) };
            await gate.OpenWhenWaiting(2);
            (await Task.WhenAll(both)).ShouldAllBe(r => r.Granted);
        }
        (await Decides(staff, appeal.Id, grant: false)).Refusal!.Code.ShouldBe("mask_appeal_decided");
        (await world.Database.Count("messaging.notices where template = 'mask_appeal_granted' and person_id = $1", customer.AccountId!.Value)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'mask.appeal_granted' and subject_id = $1", appeal.Id.ToString())).ShouldBe(1);
        ((await shop.Sees(shop.Provider, held.Id)).Note, (await shop.Sees(customer, held.Id)).Hidden.Count).ShouldBe(("The meter reads 00451290 and 00439077.", 0));

        var other2 = (await Holds(shop, customer, "55512345", day: 7)).OrThrow();
        var refused = (await Appeals(customer, other2.Id)).OrThrow();
        (await Decides(staff, refused.Id, grant: false, why: "It is a number to call.")).Granted.ShouldBeTrue();
        ((await shop.Sees(shop.Provider, other2.Id)).Note, (await shop.Sees(customer, other2.Id)).Hidden.Single()).ShouldSatisfyAllConditions(c => c.Item1.ShouldBe("•••"),
            c => (c.Item2.Appeal, c.Item2.Why).ShouldBe((MaskAppealState.Refused, "It is a number to call.")));
    }

    [Fact]
    public async Task What_a_provider_says_to_everybody_holds_no_contact_details_until_staff_grant_it()
    {
        var shop = await world.Shop();
        await world.Database.Execute("update marketplace.providers set headline = 'Law, 99887766', bio = 'On instagram as haddadlaw since 2015' where id = $1", shop.Id.Value);
        await world.Database.Execute("update marketplace.services set description = 'Write to office@haddad.com.kw' where id = $1", shop.Service.Value);
        var seen = (await ReadProvider.Run(world.Data(), shop.Id, default)).OrThrow();
        (seen.Provider.Headline, seen.Provider.Bio, seen.Services[0].Description, seen.Services[0].Provider.Headline).ShouldBe(("Law, •••", "On instagram as ••• since 2015", "Write to •••", "Law, •••"));
        var mask = (await ReadProfileMask.Run(world.Data(), shop.Provider, default)).OrThrow();
        (mask.MayAppeal, mask.Hidden!.Parts.Count).ShouldBe((true, 3));

        (await AppealMask.Run(world.Data(), await world.Customer(), new AppealMask.Body(MaskedText.Profile), default)).Refusal.ShouldBe(MarketplaceRefusals.NotAProvider);
        var appeal = (await AppealMask.Run(world.Data(), shop.Provider, new AppealMask.Body(MaskedText.Profile, Words: "All of it is old."), default)).OrThrow();
        (await ReadProfileMask.Run(world.Data(), shop.Provider, default)).OrThrow().MayAppeal.ShouldBeFalse();
        (await ReadMaskAppeal.Run(world.Data(), appeal.Id, default)).OrThrow().Parts.Count.ShouldBe(3);
        (await Decides(Moderator(), appeal.Id, grant: true)).Granted.ShouldBeTrue();
        (await ReadService.Run(world.Data(1), shop.Service, default)).OrThrow().Description.ShouldBe("Write to office@haddad.com.kw");
        (await ReadProfileMask.Run(world.Data(), shop.Provider, default)).OrThrow().Hidden.ShouldBeNull();
    }

    private static Caller Moderator() => MarketplaceWorld.CallerOf(Guid.CreateVersion7()) with { Permissions = new HashSet<string>(["talk.moderate"], StringComparer.Ordinal) };

    private async Task<Result<BookingView>> Holds(Shop shop, Caller customer, string note, int day = 5) =>
        await HoldSlot.Run(world.Data(), customer, new HoldSlot.Body(shop.Service, world.InDays(day).ToString("O"), note), default);

    private Task<Result<MaskAppealView>> Appeals(Caller who, BookingId booking, string? words = null) => AppealMask.Run(world.Data(), who, new AppealMask.Body(MaskedText.Note, booking, words), default);

    private Task<Result<MaskAppealView>> Decides(Caller who, MaskAppealId id, bool grant, string why = "Looked at it.", int node = 0) =>
        DecideMaskAppeal.Run(world.Data(node), who, id, new DecideMaskAppeal.Body(grant, why), default);

    private async Task<string> CopyOf(Caller who) => System.Text.Json.JsonSerializer.Serialize(
        await world.Get<IEnumerable<PersonalData>>().Single(p => p.Section == "marketplace").Read(world.Data(), who.AccountId!.Value, default), Plain);

    private static readonly System.Text.Json.JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
