using Guildhall.Foundation.Security;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Visits;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Visits.Weather;
using Guildhall.Operations.Integrations;
using Guildhall.Web.Host;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Marketplace.Visits;

[Covers("B-10", "O-9")]
public sealed class TravelTimesTests(TravelWorld world) : IClassFixture<TravelWorld>
{
    private static readonly Forecasts NoWeather = new(WeatherOptions.None);
    private static int _east;

    [Fact, Covers("O-1")]
    public async Task The_day_says_how_far_it_is_from_visit_to_visit_and_asks_once_for_a_while()
    {
        var (shop, customer) = (await world.Shop(kind: "visit"), await world.Customer());
        var (first, second, third) = (await shop.Books(customer, world.InDays(1, 8)), await shop.Books(customer, world.InDays(1, 12)), await shop.Books(customer, world.InDays(1, 14)));
        var (from, to) = Apart();
        await Writes(customer, first, from);
        await Writes(customer, second, to);
        await Writes(customer, third, null);
        using var travel = new TravelTimes(world.Options);
        var before = await Asked("google");
        var day = (await ReadVisitDay.Run(world.Data(), travel, NoWeather, shop.Provider, first.WallTime[..10], default)).OrThrow().Visits;
        day.Select(v => v.Way?.Source).ShouldBe([null, TravelSource.Google, null]); // without a point there is nothing to ask for
        var way = day[1].Way!;
        way.Seconds.ShouldBeInRange(way.Metres * 10 / 125 - 2, way.Metres * 10 / 125 + 2); // 45 km/h of the sandbox, told as text
        await world.Clock.Passes(9.Minutes());
        var again = (await ReadVisitDay.Run(world.Data(1), travel, NoWeather, shop.Provider, first.WallTime[..10], default)).OrThrow().Visits[1].Way!;
        (again with { AsOf = way.AsOf }, (again.AsOf - way.AsOf).Duration() < TimeSpan.FromSeconds(1)).ShouldBe((way, true)); // with the time at which it was said
        (await Asked("google") - before).ShouldBe(1);
        (await ReadVisitDay.Run(world.Data(), travel, NoWeather, customer, first.WallTime[..10], default)).Refusal!.Code.ShouldBe("not_a_provider");
        await world.Clock.Passes(2.Minutes());
        (await Ask(travel, (from, to))).AsOf.ShouldBeGreaterThan(way.AsOf);
        (await Asked("google") - before).ShouldBe(2);
        var kept = await world.Database.Column<string>("select way::text || seconds::text from marketplace.travel_times");
        kept.ShouldAllBe(k => !k.Contains("29.3", StringComparison.Ordinal));

        await world.Clock.Passes(11.Minutes());
        await world.Data().InTransaction(tx => ForgetTravelTimes.Run(tx, new ForgetTravelTimes()));
        (await world.Database.Count("marketplace.travel_times where source = 'google'")).ShouldBe(0);
    }

    [Theory, Covers("marketplace-56")]
    [InlineData("down"), InlineData("garbage"), InlineData("refused"), InlineData("slow"), InlineData("noWay")]
    public async Task When_Google_does_not_say_it_OSRM_does_and_then_the_straight_line_each_under_its_name(string how)
    {
        using var travel = new TravelTimes(world.Options);
        try
        {
            await world.Gateway.Faults(new { googleRoutes = how });
            (await Ask(travel, Apart())).Source.ShouldBe(TravelSource.Osrm);
            var status = travel.StatusOf("google_routes", out _)!;
            (status.FailingSince is null, status.LastError is null).ShouldBe(how is "noWay" ? (true, true) : (false, false));

            await world.Gateway.Faults(new { osrm = how is "slow" ? "down" : how });
            var (from, to) = Apart();
            var straight = await Ask(travel, (from, to));
            straight.Source.ShouldBe(TravelSource.StraightLine);
            (straight.Seconds - straight.Metres * 3.6 / 30).ShouldBeInRange(-1, 1);
            (await world.Shop()).ShouldNotBeNull();
        }
        finally { await world.Gateway.AnswersAsUsual(); }
        (await Ask(travel, Apart())).Source.ShouldBe(TravelSource.Google); // nobody had to do anything
        travel.StatusOf("google_routes", out _)!.FailingSince.ShouldBeNull();
    }

    [Fact, Covers("O-1", "marketplace-56")]
    public async Task Who_keeps_failing_is_left_alone_and_the_status_says_what_people_lose()
    {
        var (travel, status) = (world.Get<TravelTimes>(), world.Get<IntegrationStatus>());
        (await travel.Try("osrm", default)).ShouldBeTrue();
        try
        {
            await world.Gateway.Faults(new { googleRoutes = "down" });
            for (var i = 0; i < 3; i++) await travel.Of(world.Data(), [.. Enumerable.Range(0, 4).Select(_ => ((MapPlace, MapPlace)?)Apart())], default);
            var asked = await Asked("google");
            (await Ask(travel, Apart())).Source.ShouldBe(TravelSource.Osrm);
            (await Asked("google")).ShouldBe(asked);
            var lines = (await status.Read(default)).Where(i => i.Name is "google_routes" or "osrm").ToList();
            lines.Select(l => l.State).ShouldBe([IntegrationState.Down, IntegrationState.Sandbox]);
            lines[0].UsersLose!.ShouldContain("OSRM");
            (lines[1].UsersLose, lines[0].LastError).ShouldBe((null, "It answered 500."));
        }
        finally { await world.Gateway.AnswersAsUsual(); }
    }

    [Fact]
    public void Settings_that_do_not_fit_stop_the_start_with_what_to_do()
    {
        Read().ShouldBe((TravelOptions.None, ""));
        Read(("GOOGLE_ROUTES_KEY", "k"), ("OSRM_API", "https://osrm.test/")).Options.ShouldBe(new TravelOptions(new Uri("https://routes.googleapis.com"), "k", new Uri("https://osrm.test/")));
        Read(("GOOGLE_ROUTES_KEY", "guildhall_sandbox_google_key")).Wrong.ShouldContain("Put your own key");
        Read(("OSRM_API", "http://osrm.test")).Wrong.ShouldContain("GUILDHALL_OSRM_API must be https");
    }

    private static (TravelOptions Options, string Wrong) Read(params (string Key, string Value)[] set)
    {
        var wrong = new List<string>();
        var config = new ConfigurationBuilder().AddInMemoryCollection(set.ToDictionary(s => "GUILDHALL_" + s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();
        return (TravelSettings.Read(config, sandbox: false, wrong), string.Join('\n', wrong));
    }

    // Two places that nobody has asked about yet.
    private static (MapPlace From, MapPlace To) Apart() => (new MapPlace(29.3339, 48.0758), new MapPlace(29.3759, 47.5 + Interlocked.Increment(ref _east) / 1000.0));

    private async Task<TravelTime> Ask(TravelTimes travel, (MapPlace From, MapPlace To) way) => (await travel.Of(world.Data(), [way], default))[0]!;

    private async Task<int> Asked(string who) => (await world.Sandbox.Get("/sandbox/routes/asked")).GetProperty(who).GetInt32();

    private async Task Writes(Caller customer, BookingView booking, MapPlace? place) =>
        (await SetVisitAddress.Run(world.Data(), customer, booking.Id, new VisitAddress("Salmiya, block 4", null, place?.Latitude, place?.Longitude), default)).OrThrow();
}

/// <summary>Shops in a world where Google Routes and an OSRM are set up.</summary>
public sealed class TravelWorld : MarketplaceWorld
{
    internal TravelOptions Options => new(Sandbox.Http.BaseAddress!, "guildhall_sandbox_google_key", Sandbox.Http.BaseAddress);

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Travel = new TravelOptions(settings.SandboxUrl!, "guildhall_sandbox_google_key", settings.SandboxUrl) };
}
