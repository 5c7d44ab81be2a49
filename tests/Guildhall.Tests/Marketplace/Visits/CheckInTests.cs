using System.Text;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Visits;

namespace Guildhall.Tests.Marketplace.Visits;

[Covers("B-10")]
public sealed class CheckInTests(MarketplaceWorld world) : IClassFixture<MarketplaceWorld>
{
    private static readonly VisitAddress Home = new("Salmiya, block 4, street 12, house 7", "The bell is broken, knock.", 29.3339, 48.0758);

    [Fact]
    public async Task The_provider_sees_where_to_only_once_the_money_is_captured_and_it_lies_sealed()
    {
        var (shop, customer) = (await world.Shop(kind: "visit"), await world.Customer());
        var held = await shop.Holds(customer, world.InDays(1));
        (await Writes(customer, held.Id, Home)).OrThrow().Address.ShouldBe(Home);
        foreach (var wrong in new[] { Home with { Text = "  x  " }, Home with { Longitude = null }, Home with { Latitude = 91 }, Home with { Door = new string('a', 301) }, Home with { Text = "Salmiya\0block" } })
            (await Writes(customer, held.Id, wrong)).Refusal.ShouldBe(MarketplaceRefusals.VisitAddressInvalid);
        (await Writes(shop.Provider, held.Id, Home)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheCustomer);
        foreach (var stranger in new[] { MarketplaceWorld.Anybody(), MarketplaceWorld.Staff }) (await Writes(stranger, held.Id, Home)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        (await Sees(customer, held.Id)).Code.ShouldBeNull(); // nothing is paid: nobody comes
        var before = await Sees(shop.Provider, held.Id);
        (before.Address, before.HasAddress, before.Code).ShouldBe((null, true, null));
        (await Day(shop, held)).ShouldBeEmpty();

        await shop.Captured(await shop.StartsToPay(customer, held), held.Price);
        var seen = await Sees(shop.Provider, held.Id);
        (seen.Address, seen.Code, seen.State).ShouldBe((Home, null, VisitState.Planned));
        (await Sees(MarketplaceWorld.Staff, held.Id)).ShouldSatisfyAllConditions(v => v.Address.ShouldBeNull(), v => v.Code.ShouldBeNull());
        (await ReadVisit.Run(world.Data(), MarketplaceWorld.Anybody(), held.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);
        (await Day(shop, held)).ShouldHaveSingleItem().Visit.Address.ShouldBe(Home);
        var kept = await world.Database.Value<byte[]>("select address from marketplace.visits where booking_id = $1", held.Id.Value);
        Encoding.UTF8.GetString(kept).ShouldNotContain("Salmiya");

        await Writes(customer, held.Id, Home with { Door = "Ask the guard." });
        await Writes(customer, held.Id, Home with { Door = "Ask the guard, please." });
        (await world.Database.Count("messaging.notices where template = 'visit_address_changed' and person_id = $1", shop.Provider.AccountId!.Value)).ShouldBe(1); // told once, not with every stroke
        (await shop.Cancels(customer, held.Id)).Granted.ShouldBeTrue();
        (await Sees(shop.Provider, held.Id)).ShouldSatisfyAllConditions(v => v.Address.ShouldBeNull(), v => v.State.ShouldBe(VisitState.Ended));
        (await Writes(customer, held.Id, Home)).Refusal!.Code.ShouldBe("visit_over");
    }

    [Fact]
    public async Task The_customer_is_told_at_once_that_the_technician_is_on_the_way_and_a_moved_visit_is_planned_anew()
    {
        var (shop, customer, booking) = await Booked();
        (await Leaves(shop, booking, 25)).Refusal!.Code.ShouldBe("visit_too_early");
        (await Enters(shop, booking, "123456")).Refusal!.Code.ShouldBe("visit_too_early");
        await world.Clock.Passes(booking.StartsAt.AddMinutes(-90) - world.Clock.Now);
        foreach (var wrong in new[] { 0, 301 }) (await Leaves(shop, booking, wrong)).Refusal.ShouldBe(MarketplaceRefusals.VisitMinutesInvalid);
        (await StartTravel.Run(world.Data(), customer, booking.Id, new StartTravel.Body(5), default)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheProvider);
        (await StartTravel.Run(world.Data(), MarketplaceWorld.Anybody(), booking.Id, new StartTravel.Body(5), default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);

        var left = (await Leaves(shop, booking, 25)).OrThrow();
        (left.State, left.ArrivalAt - left.OnMyWayAt).ShouldBe((VisitState.OnMyWay, 25.Minutes()));
        var told = await world.Database.Value<string>("select facts ->> 'arrival' from messaging.notices where template = 'visit_on_my_way' and person_id = $1", customer.AccountId!.Value);
        told.ShouldNotBeEmpty();
        (await Sees(customer, booking.Id)).ArrivalAt.ShouldBe(left.ArrivalAt);
        for (var i = 0; i < 11; i++) (await Leaves(shop, booking, 30 + i)).Granted.ShouldBeTrue();
        (await Leaves(shop, booking, 50)).Refusal.ShouldBe(MarketplaceRefusals.VisitToldOften);

        await shop.Moves(shop.Provider, await shop.Sees(shop.Provider, booking.Id), world.InDays(3));
        (await Sees(customer, booking.Id)).ShouldSatisfyAllConditions(v => v.State.ShouldBe(VisitState.Planned), v => v.ArrivalAt.ShouldBeNull());

        var consultation = await (await world.Shop()).Books(customer, world.InDays(1));
        (await ReadVisit.Run(world.Data(), customer, consultation.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.NotAVisit);
        (await Writes(customer, consultation.Id, Home)).Refusal.ShouldBe(MarketplaceRefusals.NotAVisit);
    }

    [Fact]
    public async Task Arriving_takes_the_code_of_the_customer_and_stands_as_evidence_with_its_time()
    {
        var (shop, customer, booking) = await Booked();
        var code = (await Sees(customer, booking.Id)).Code!;
        code.ShouldMatch("^[0-9]{6}$");
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now + 1.Minutes()); // the clock moves by whole seconds
        (await Enters(shop, booking, "12345")).Refusal.ShouldBe(MarketplaceRefusals.VisitCodeInvalid);
        (await Enters(shop, booking, Wrong(code))).Refusal!.Code.ShouldBe("visit_code_wrong");
        (await CheckIn.Run(world.Data(), customer, booking.Id, new CheckIn.Body(code), default)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheProvider);
        (await CheckIn.Run(world.Data(), MarketplaceWorld.Anybody(), booking.Id, new CheckIn.Body(code), default)).Refusal.ShouldBe(MarketplaceRefusals.BookingNotFound);

        var arabic = string.Concat(code.Select(c => (char)('٠' + (c - '0'))));
        var arrived = (await Enters(shop, booking, $" {arabic[..3]} {arabic[3..]}")).OrThrow();
        (arrived.State, arrived.ArrivedAt is not null).ShouldBe((VisitState.Arrived, true));
        (await Enters(shop, booking, Wrong(code))).OrThrow().ArrivedAt.ShouldBe(arrived.ArrivedAt); // entered twice, arrived once
        arrived.Events.Select(e => e.Kind).ShouldBe([VisitEventKind.CodeWrong, VisitEventKind.Arrived]);
        (await Sees(customer, booking.Id)).Code.ShouldBeNull();
        (await shop.Sees(customer, booking.Id)).StartedAt.ShouldBe(arrived.ArrivedAt);
        (await Writes(customer, booking.Id, Home)).Refusal!.Code.ShouldBe("visit_over");
        (await RenewVisitCode.Run(world.Data(), customer, booking.Id, default)).Refusal!.Code.ShouldBe("visit_over");
        (await Leaves(shop, booking, 5)).Refusal!.Code.ShouldBe("visit_over");

        (await shop.Completes(shop.Provider, booking.Id)).Granted.ShouldBeTrue();
        (await Sees(shop.Provider, booking.Id)).ShouldSatisfyAllConditions(v => v.State.ShouldBe(VisitState.Done), v => v.Address.ShouldBe(Home));
        await world.Clock.Passes(15.Days());
        (await Sees(shop.Provider, booking.Id)).Address.ShouldBeNull();
        (await Sees(customer, booking.Id)).Address.ShouldBe(Home);
    }

    [Fact]
    public async Task Of_many_codes_entered_at_once_five_count_and_then_it_takes_a_new_one_of_the_customers()
    {
        var (shop, customer, booking) = await Booked();
        var code = (await Sees(customer, booking.Id)).Code!;
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now);
        await using (var gate = await Gate.Close(world.Database, "select 1 from marketplace.bookings where id = $1 for update", booking.Id.Value))
        {
            var racers = Enumerable.Range(0, 8).Select(i => Task.Run(() => Enters(shop, booking, Wrong(code), node: i % 2))).ToList();
            await gate.OpenWhenWaiting(8);
            var answers = await Task.WhenAll(racers);
            answers.Count(a => a.Refusal!.Code == "visit_code_wrong").ShouldBe(4);
            answers.Count(a => a.Refusal!.Code == "visit_code_locked").ShouldBe(4);
        }
        (await world.Database.Count("marketplace.visit_events where booking_id = $1 and kind = 'code_wrong'", booking.Id.Value)).ShouldBe(5);
        (await Enters(shop, booking, code)).Refusal!.Code.ShouldBe("visit_code_locked"); // the right one comes too late
        (await world.Database.Count("messaging.notices where template = 'visit_code_locked' and person_id = $1", customer.AccountId!.Value)).ShouldBe(1);

        (await RenewVisitCode.Run(world.Data(), shop.Provider, booking.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.OnlyTheCustomer);
        var next = (await RenewVisitCode.Run(world.Data(), customer, booking.Id, default)).OrThrow();
        (next.TriesLeft, next.Code != code).ShouldBe((5, true));
        (await Enters(shop, booking, code)).Refusal!.Code.ShouldBe("visit_code_wrong");
        for (var i = 0; i < 8; i++) next = (await RenewVisitCode.Run(world.Data(), customer, booking.Id, default)).OrThrow();
        (await RenewVisitCode.Run(world.Data(), customer, booking.Id, default)).Refusal.ShouldBe(MarketplaceRefusals.VisitCodesSpent);
        (await Enters(shop, booking, next.Code!)).OrThrow().State.ShouldBe(VisitState.Arrived);
    }

    [Fact, Covers("marketplace-4")]
    public async Task What_was_done_before_its_answer_was_lost_is_not_done_twice()
    {
        var (shop, customer, booking) = await Booked();
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now);
        var (renews, leaves, enters) = (customer with { OperationId = Guid.CreateVersion7() }, shop.Provider with { OperationId = Guid.CreateVersion7() }, shop.Provider with { OperationId = Guid.CreateVersion7() });
        var next = (await RenewVisitCode.Run(world.Data(), renews, booking.Id, default)).OrThrow();
        (await RenewVisitCode.Run(world.Data(1), renews, booking.Id, default)).OrThrow().Code.ShouldBe(next.Code);
        var left = (await StartTravel.Run(world.Data(), leaves, booking.Id, new StartTravel.Body(25), default)).OrThrow();
        await world.Clock.Passes(1.Minutes());
        (await StartTravel.Run(world.Data(1), leaves, booking.Id, new StartTravel.Body(25), default)).OrThrow().ArrivalAt.ShouldBe(left.ArrivalAt);
        (await world.Database.Count("messaging.notices where template = 'visit_on_my_way' and person_id = $1", customer.AccountId!.Value)).ShouldBe(1);
        for (var time = 0; time < 2; time++) (await CheckIn.Run(world.Data(time), enters, booking.Id, new CheckIn.Body(Wrong(next.Code!)), default)).Refusal!.Code.ShouldBe("visit_code_wrong");
        (await Sees(customer, booking.Id)).TriesLeft.ShouldBe(4);
    }

    [Fact, Covers("I-15")]
    public async Task An_address_is_in_the_copy_of_its_customer_alone_and_goes_with_them()
    {
        var (shop, customer, booking) = await Booked();
        (await Copy(customer)).ShouldContain("Salmiya");
        (await Copy(shop.Provider)).ShouldNotContain("Salmiya");
        await world.Clock.Passes(booking.StartsAt - world.Clock.Now);
        await Leaves(shop, booking, 5);
        (await Copy(shop.Provider)).ShouldContain("on_my_way");
        await world.Data().InTransaction(tx => MarketplacePersonalData.Part.Erase(tx, customer.AccountId!.Value));
        (await world.Database.Count("marketplace.visits where booking_id = $1 and address is null", booking.Id.Value)).ShouldBe(1);
        (await Sees(shop.Provider, booking.Id)).Address.ShouldBeNull();
    }

    private async Task<(Shop Shop, Caller Customer, BookingView Booking)> Booked()
    {
        var (shop, customer) = (await world.Shop(kind: "visit"), await world.Customer());
        var booking = await shop.Books(customer, world.InDays(1, hour: 12));
        await Writes(customer, booking.Id, Home);
        return (shop, customer, booking);
    }

    private static string Wrong(string code) => code == "000000" ? "000001" : "000000";

    private Task<Result<VisitView>> Writes(Caller who, BookingId id, VisitAddress address) => SetVisitAddress.Run(world.Data(), who, id, address, default);

    private async Task<VisitView> Sees(Caller who, BookingId id) => (await ReadVisit.Run(world.Data(1), who, id, default)).OrThrow();

    private Task<Result<VisitView>> Leaves(Shop shop, BookingView booking, int minutes) => StartTravel.Run(world.Data(), shop.Provider, booking.Id, new StartTravel.Body(minutes), default);

    private Task<Result<VisitView>> Enters(Shop shop, BookingView booking, string code, int node = 0) => CheckIn.Run(world.Data(node), shop.Provider, booking.Id, new CheckIn.Body(code), default);

    private async Task<IReadOnlyList<ReadVisitDay.Stop>> Day(Shop shop, BookingView booking) =>
        (await ReadVisitDay.Run(world.Data(), world.Get<Guildhall.Marketplace.Visits.Travel.TravelTimes>(), world.Get<Guildhall.Marketplace.Visits.Weather.Forecasts>(), shop.Provider, booking.WallTime[..10], default)).OrThrow().Visits;

    private async Task<string> Copy(Caller who) => System.Text.Json.JsonSerializer.Serialize(await MarketplacePersonalData.Part.Read(world.Data(), who.AccountId!.Value, default), Guildhall.Foundation.Http.JsonRules.Options);
}
