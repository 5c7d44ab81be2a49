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
public sealed class ForecastsTests(WeatherWorld world) : IClassFixture<WeatherWorld>
{
    private static int _east;

    [Fact, Covers("O-1")]
    public async Task The_day_and_the_booking_say_which_weather_is_expected_who_says_so_and_when_and_ask_once_for_a_while()
    {
        var (shop, customer) = (await world.Shop(kind: "visit"), await world.Customer());
        var (first, second, bare) = (await shop.Books(customer, world.InDays(1, 8)), await shop.Books(customer, world.InDays(1, 10)), await shop.Books(customer, world.InDays(1, 12)));
        var place = Somewhere(rains: true);
        await Writes(customer, first, place);
        await Writes(customer, second, place with { Longitude = place.Longitude + 0.001 }); // next door
        await Writes(customer, bare, null);
        using var forecasts = new Forecasts(world.Options);
        using var travel = new TravelTimes(TravelOptions.None);
        var before = await Asked();
        var day = (await ReadVisitDay.Run(world.Data(), travel, forecasts, shop.Provider, first.WallTime[..10], default)).OrThrow().Visits;
        day.Select(v => v.Weather.Reason).ShouldBe([null, null, "WEATHER_NO_PLACE"]);
        var expected = day[0].Weather.Forecast!;
        (expected.Source, expected.Kind, expected.RainPercent, expected.WindKmh, expected.WholeDay, expected.Low).ShouldBe(("openweather", WeatherKind.Rain, 80, 18, false, null));
        (await Asked() - before).ShouldBe(1); // two visits of one square kilometre

        var seen = (await ReadVisitWeather.Run(world.Data(1), forecasts, customer, first.Id, default)).OrThrow().Forecast!;
        (seen with { AsOf = expected.AsOf }).ShouldBe(expected);
        await world.Clock.Passes(29.Minutes());
        (await ReadVisitWeather.Run(world.Data(), forecasts, customer, first.Id, default)).OrThrow().Forecast!.AsOf.ShouldBe(seen.AsOf);
        (await Asked() - before).ShouldBe(1);
        await world.Clock.Passes(2.Minutes());
        (await ReadVisitWeather.Run(world.Data(), forecasts, shop.Provider, first.Id, default)).OrThrow().Forecast!.AsOf.ShouldBeGreaterThan(seen.AsOf);
        (await Asked() - before).ShouldBe(2);
        (await world.Database.Column<string>("select place::text || said::text from marketplace.forecasts")).ShouldAllBe(k => !k.Contains("latitude", StringComparison.OrdinalIgnoreCase) && !k.Contains("48.", StringComparison.Ordinal));

        (await ReadVisitWeather.Run(world.Data(), forecasts, MarketplaceWorld.Staff, first.Id, default)).OrThrow().Reason.ShouldBe("WEATHER_NO_PLACE"); // staff never see where people live, nor their weather
        (await ReadVisitWeather.Run(world.Data(), forecasts, MarketplaceWorld.Anybody(), first.Id, default)).Refusal!.Code.ShouldBe("booking_not_found");
        await world.Clock.Passes(7.Hours());
        await world.Data().InTransaction(tx => ForgetForecasts.Run(tx, new ForgetForecasts()));
        (await world.Database.Count("marketplace.forecasts")).ShouldBe(0);
    }

    [Fact]
    public async Task Days_away_it_is_said_of_the_whole_day_and_further_away_or_afterwards_nothing_is()
    {
        using var forecasts = new Forecasts(world.Options);
        var (place, now) = (Somewhere(rains: true), world.Clock.Now);
        var said = await forecasts.Of(world.Data(), [(place, now.AddDays(4), now.AddDays(4.1)), (place, now.AddDays(8), now.AddDays(8.1)), (place, now.AddHours(-2), now.AddHours(-1)), (place, now.AddHours(-1), now.AddHours(1))], default);
        var day = said[0].Forecast!;
        (day.WholeDay, day.High - day.Low, day.WindKmh).ShouldBe((true, 10, 27));
        said.Skip(1).Take(2).Select(s => s.Reason).ShouldBe(["WEATHER_OUT_OF_RANGE", "WEATHER_OUT_OF_RANGE"]);
        said[3].Forecast!.WholeDay.ShouldBeFalse(); // under way: the weather of now
    }

    [Theory, Covers("marketplace-56")]
    [InlineData("down", "It answered 500."), InlineData("garbage", "Its answer is none of this protocol."), InlineData("refused", "It answered 401.")]
    [InlineData("slow", "It did not answer within two seconds."), InlineData("limited", "It answered 429.")]
    public async Task While_nobody_answers_what_was_said_lately_is_shown_with_its_age_and_then_nothing(string how, string error)
    {
        using var forecasts = new Forecasts(world.Options);
        var (known, unknown, now) = (Somewhere(), Somewhere(), world.Clock.Now);
        var before = (await Of(known)).Forecast!;
        try
        {
            await world.Gateway.Faults(new { weather = how });
            (await Of(unknown)).Reason.ShouldBe("WEATHER_UNAVAILABLE");
            (forecasts.Status!.LastError, forecasts.Status.FailingSince is null).ShouldBe((error, false));
            await world.Clock.Passes(1.Hours());
            (await Of(known)).Forecast!.AsOf.ShouldBe(before.AsOf);
            await world.Clock.Passes(6.Hours());
            (await Of(known)).Reason.ShouldBe("WEATHER_UNAVAILABLE");
        }
        finally { await world.Gateway.AnswersAsUsual(); }
        (await Of(known)).Forecast!.AsOf.ShouldBeGreaterThan(before.AsOf); // nobody had to do anything
        forecasts.Status.FailingSince.ShouldBeNull();

        async Task<VisitWeather> Of(MapPlace place) => (await forecasts.Of(world.Data(), [(place, now.AddHours(20), now.AddHours(21))], default))[0];
    }

    [Fact, Covers("O-1", "marketplace-56")]
    public async Task Who_keeps_failing_is_left_alone_and_the_status_says_what_people_lose()
    {
        var (forecasts, status, now) = (world.Get<Forecasts>(), world.Get<IntegrationStatus>(), world.Clock.Now);
        (await forecasts.Try(default)).ShouldBeTrue();
        (await Line()).State.ShouldBe(IntegrationState.Sandbox);
        try
        {
            await world.Gateway.Faults(new { weather = "down" });
            await forecasts.Of(world.Data(), [.. Enumerable.Range(0, 12).Select(_ => ((MapPlace?)Somewhere(), now.AddHours(1), now.AddHours(2)))], default);
            var asked = await Asked();
            (await forecasts.Of(world.Data(), [(Somewhere(), now.AddHours(1), now.AddHours(2))], default))[0].Reason.ShouldBe("WEATHER_UNAVAILABLE");
            (await Asked()).ShouldBe(asked);
            var line = await Line();
            (line.State, line.LastError).ShouldBe((IntegrationState.Down, "It answered 500."));
            line.UsersLose!.ShouldContain("with its age");
        }
        finally { await world.Gateway.AnswersAsUsual(); }

        async Task<Integration> Line() => (await status.Read(default)).Single(i => i.Name is "openweather");
    }

    [Fact]
    public async Task Without_a_key_nobody_is_asked_and_it_says_so()
    {
        using var none = new Forecasts(WeatherOptions.None);
        (await none.Of(world.Data(), [(Somewhere(), world.Clock.Now.AddHours(1), world.Clock.Now.AddHours(2))], default))[0].ShouldBe(new VisitWeather(null, "WEATHER_NOT_CONFIGURED"));
        (none.Status, await none.Try(default)).ShouldBe((null, false));
    }

    [Fact]
    public void Settings_that_do_not_fit_stop_the_start_with_what_to_do()
    {
        Read().ShouldBe((WeatherOptions.None, ""));
        Read(("KEY", "k"), ("PATH", "/data/4.0/onecall")).Options.ShouldBe(new WeatherOptions(new Uri("https://api.openweathermap.org"), "k", "/data/4.0/onecall"));
        Read(("KEY", "guildhall_sandbox_openweather_key")).Wrong.ShouldContain("Put your own key");
        Read(("KEY", "k"), ("API", "http://weather.test")).Wrong.ShouldContain("GUILDHALL_OPENWEATHER_API must be https");
        Read(("KEY", "k"), ("PATH", "data?x=1")).Wrong.ShouldContain("GUILDHALL_OPENWEATHER_PATH is a path");
    }

    private static (WeatherOptions Options, string Wrong) Read(params (string Key, string Value)[] set)
    {
        var wrong = new List<string>();
        var config = new ConfigurationBuilder().AddInMemoryCollection(set.ToDictionary(s => "GUILDHALL_OPENWEATHER_" + s.Key, s => (string?)s.Value, StringComparer.Ordinal)).Build();
        return (WeatherSettings.Read(config, sandbox: false, wrong), string.Join('\n', wrong));
    }

    // A square kilometre that nobody has asked about yet; at a whole degree it rains in the sandbox.
    private static MapPlace Somewhere(bool rains = false) => new(rains ? 29 : 29.37, 47.5 + Interlocked.Increment(ref _east) / 50.0);

    private async Task<int> Asked() => (await world.Sandbox.Get("/sandbox/weather/asked")).GetProperty("asked").GetInt32();

    private async Task Writes(Caller customer, BookingView booking, MapPlace? place) =>
        (await SetVisitAddress.Run(world.Data(), customer, booking.Id, new VisitAddress("Salmiya, block 4", null, place?.Latitude, place?.Longitude), default)).OrThrow();
}

/// <summary>Shops in a world where OpenWeather is set up.</summary>
public sealed class WeatherWorld : MarketplaceWorld
{
    internal WeatherOptions Options => new(Sandbox.Http.BaseAddress!, "guildhall_sandbox_openweather_key");

    internal override HostSettings Configure(HostSettings settings, int node) => settings with { Weather = new WeatherOptions(settings.SandboxUrl!, "guildhall_sandbox_openweather_key") };
}
